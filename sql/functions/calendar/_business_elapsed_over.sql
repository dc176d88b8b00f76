create or replace function sla._business_elapsed_over(
    p_calendar_id bigint, p_run_starts bigint[], p_run_ends bigint[])
returns bigint
language plpython3u stable parallel unsafe security invoker cost 300
as $$
if p_run_starts is None or p_run_ends is None or None in p_run_ends:
    return None
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.usable(p_calendar_id)
if found is None:
    return None
try:
    return sum(engine.runs_elapsed(found, p_run_starts, p_run_ends))
except engine.OutOfRange:
    return None
$$;
comment on function sla._business_elapsed_over(bigint, bigint[], bigint[]) is
    'Business time (microseconds) inside the runs [start, end). Calendar null: 24x7. Null when a run is endless, when an instant lies outside the years 3 to 9997, or when the calendar cannot be used.';
