create or replace function sla._schedule_problem(p_schedule_id uuid) returns text
language plpython3u stable parallel unsafe security invoker cost 300
as $$
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
return engine.schedule_problem(p_schedule_id)
$$;
comment on function sla._schedule_problem(uuid) is
    'Why the current calendar of the current tenant''s schedule cannot be read (an unknown time zone, say); null: it can.';
