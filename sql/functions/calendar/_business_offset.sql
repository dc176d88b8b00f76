create or replace function sla._business_offset(
    p_schedule_id uuid, p_start bigint, p_amount bigint, p_tenant text, p_snapshot text, p_statement double precision)
returns bigint
language plpython3u stable parallel unsafe security definer cost 300
set search_path = pg_catalog, pg_temp
as $$
if p_schedule_id is None or p_start is None or p_amount is None:
    return None
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.scheduled(p_schedule_id, p_tenant, p_snapshot, p_statement)
if found is None:
    return None
at = engine.instant(found, p_start, p_amount)
return None if at is None else at - p_start
$$;
comment on function sla._business_offset(uuid, bigint, bigint, text, text, double precision) is
    'What sla.add_business_time adds: microseconds from the start (since 1970 UTC) to the instant that lies the amount of business time (microseconds) away. The last three arguments say for which tenant, snapshot and statement the schedule is looked up once. Null: cannot be said, see sla._refuse_business_time.';
