-- Cut, not rounded: 99.999 % must never read as 100.
create or replace function sla._percent(p_elapsed interval, p_target interval) returns numeric
language sql immutable parallel safe security invoker
as $$
    select trunc(extract(epoch from p_elapsed) * 100 / extract(epoch from p_target), 2)
$$;
comment on function sla._percent(interval, interval) is
    'Percent of the target that is used up, cut to two decimals. Source: semantics §2.';
