create or replace function sla._instants(p_us bigint[]) returns timestamptz[]
language sql stable parallel safe security invoker
as $$
    select case when pg_catalog.array_position(p_us, null) is null and p_us is not null then array(
        select sla._from_us(u.us) from pg_catalog.unnest(p_us) with ordinality as u (us, place) order by u.place) end
$$;
comment on function sla._instants(bigint[]) is
'Microseconds since 1970 UTC as instants; null when any of them is (a calendar that cannot be counted in).';
