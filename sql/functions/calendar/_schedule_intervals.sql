create or replace function sla._schedule_intervals(
    p_schedule_id uuid, p_from bigint, p_until bigint, p_tenant text, p_snapshot text, p_statement double precision)
returns table (opens bigint, closes bigint)
language plpython3u stable parallel unsafe security invoker cost 300 rows 260
as $$
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.scheduled(p_schedule_id, p_tenant, p_snapshot, p_statement)
return engine.intervals(found, p_from, p_until)
$$;
comment on function sla._schedule_intervals(uuid, bigint, bigint, text, text, double precision) is
    'As sla._working_intervals, for the current calendar of the current tenant''s schedule. The last three arguments say for which tenant, snapshot and statement the schedule is looked up once.';
