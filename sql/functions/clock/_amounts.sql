create or replace function sla._amounts(p_target interval, p_percents smallint[]) returns bigint[]
language sql immutable parallel safe security invoker
as $$
    -- Targets are whole minutes, so a percent of one is a whole number of microseconds.
    select array(
        select ((extract(epoch from p_target) * 10000)::bigint * p.percent)
        from pg_catalog.unnest(p_percents) with ordinality as p (percent, place)
        order by p.place)
$$;
comment on function sla._amounts(interval, smallint[]) is 'Business time of each percent of a target, in microseconds.';
