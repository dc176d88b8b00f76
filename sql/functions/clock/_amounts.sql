create or replace function sla._amounts(p_target interval, p_percents smallint[]) returns bigint[]
language plpgsql immutable parallel safe security invoker
as $$
begin
    -- Targets are whole minutes, so a percent of one is a whole number of microseconds.
    return (
        select array(
            select ((extract(epoch from p_target) * 10000)::bigint * p.percent)
            from pg_catalog.unnest(p_percents) with ordinality as p (percent, place)
            order by p.place)
    );
end
$$;
comment on function sla._amounts(interval, smallint[]) is 'Business time of each percent of a target, in microseconds.';
