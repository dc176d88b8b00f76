create or replace function sla._crossings(p_calendar_id bigint, p_start timestamptz, p_amounts bigint[])
returns timestamptz[]
language sql stable parallel safe security invoker
as $$
    select case
        when p_calendar_id is null then array(
            select p_start + sla._duration(a.amount)
            from pg_catalog.unnest(p_amounts) with ordinality as a (amount, place) order by a.place)
        else sla._instants(sla._business_instants(p_calendar_id, sla._to_us(p_start), p_amounts))
    end
$$;
comment on function sla._crossings(bigint, timestamptz, bigint[]) is
'When a clock that runs from a start (UTC instant) without pauses reaches each amount of business time (microseconds); null when its calendar has none in ten years.';
