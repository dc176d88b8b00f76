-- PL/pgSQL because it keeps its plan: SQL functions with a subquery are not inlined, and are planned at every call.
create or replace function sla._crossings(p_calendar_id bigint, p_start timestamptz, p_amounts bigint[])
returns timestamptz[]
language plpgsql stable parallel safe security invoker
as $$
declare
    -- Around the clock, business time passes as time does.
    v_offsets bigint[] := case when p_calendar_id is null then p_amounts
                               else sla._business_offsets(p_calendar_id, sla._to_us(p_start), p_amounts) end;
    v_crossings timestamptz[] := '{}'::timestamptz[];
    v_us bigint;
begin
    if v_offsets is null then
        return null;
    end if;
    foreach v_us in array v_offsets loop
        v_crossings := v_crossings || (p_start + sla._duration(v_us));
    end loop;
    return v_crossings;
end
$$;
comment on function sla._crossings(bigint, timestamptz, bigint[]) is
'When a clock that runs from a start (UTC instant) without pauses reaches each amount of business time (microseconds); null when its calendar has none in ten years.';
