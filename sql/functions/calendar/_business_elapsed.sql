create or replace function sla._business_elapsed(
    p_schedule_id uuid, p_from bigint, p_until bigint, p_tenant text, p_snapshot text, p_statement double precision)
returns bigint
language plpython3u stable parallel unsafe security definer cost 300
set search_path = pg_catalog, pg_temp
as $$
if p_schedule_id is None or p_from is None or p_until is None:
    return None
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.scheduled(p_schedule_id, p_tenant, p_snapshot, p_statement)
if found is None:
    return None
try:
    return found.between(p_from, p_until)
except engine.OutOfRange:
    return None
$$;
comment on function sla._business_elapsed(uuid, bigint, bigint, text, text, double precision) is
    'What sla.business_time_between returns, in microseconds; instants in microseconds since 1970 UTC. The last three arguments say for which tenant, snapshot and statement the schedule is looked up once. Null: cannot be said, see sla._refuse_business_time.';
