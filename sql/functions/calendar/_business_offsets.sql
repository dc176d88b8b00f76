create or replace function sla._business_offsets(p_calendar_id bigint, p_start bigint, p_amounts bigint[])
returns bigint[]
language plpython3u stable parallel unsafe security invoker cost 300
as $$
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
if p_start is None or p_amounts is None:
    return None
return engine.offsets(p_calendar_id, p_start, p_amounts)
$$;
comment on function sla._business_offsets(bigint, bigint, bigint[]) is
    'How long after the start (microseconds since 1970 UTC) each amount of business time (microseconds) has passed, as time on the wall (microseconds; semantics §1). Calendar null: 24x7. Null as a whole when one of them cannot be said: ten years pass without opening, it lies more than 285 years away, or the calendar cannot be used (see sla._calendar_problem); never an error, because ticket writes depend on it.';
