create or replace function sla._forget_schedules() returns void
language plpython3u volatile parallel unsafe security invoker
as $$
engine = GD.get("slapg_calendar")
if engine is not None:
    engine.forget_schedules()
$$;
comment on function sla._forget_schedules() is
    'Makes this connection look the schedules'' calendars up again: called when its own transaction publishes one, which no snapshot shows.';
