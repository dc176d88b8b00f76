create or replace function sla._working_intervals(p_calendar_id bigint, p_from bigint, p_until bigint)
returns table (opens bigint, closes bigint)
language plpython3u stable parallel unsafe security invoker cost 300 rows 260
as $$
if p_from is None or p_until is None:
    return []
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.usable(p_calendar_id)
return engine.intervals(found, p_from, p_until)
$$;
comment on function sla._working_intervals(bigint, bigint, bigint) is
    'Business time of a calendar (null: 24x7) in [from, until), clipped, disjoint and ascending; what touches is one interval. Instants in microseconds since 1970 UTC. No rows when the calendar cannot be used or an instant lies outside the years 3 to 9997 or the span is longer than 285 years.';
