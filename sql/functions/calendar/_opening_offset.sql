create or replace function sla._opening_offset(
    p_schedule_id uuid, p_at bigint, p_tenant text, p_snapshot text, p_statement double precision)
returns bigint
language plpython3u stable parallel unsafe security definer cost 300
set search_path = pg_catalog, pg_temp
as $$
if p_schedule_id is None or p_at is None:
    return None
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.scheduled(p_schedule_id, p_tenant, p_snapshot, p_statement)
if found is None:
    return None
try:
    opening = found.next_open(p_at)
except engine.OutOfRange:
    return None
return -1 if opening is None else opening - p_at
$$;
comment on function sla._opening_offset(uuid, bigint, text, text, double precision) is
    'Microseconds from an instant (microseconds since 1970 UTC) to the next business time of the schedule: 0 when it is business time, -1 when ten years pass without opening. The last three arguments say for which tenant, snapshot and statement the schedule is looked up once. Null: cannot be said, see sla._refuse_business_time.';
