create or replace function sla._calendar_problem(p_calendar_id bigint, p_at bigint default null) returns text
language plpython3u stable parallel unsafe security invoker cost 300
as $$
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
if p_calendar_id is None:
    return None
at = p_at
if at is None:
    at = plpy.execute("select sla._to_us(pg_catalog.now()) as at")[0]["at"]
try:
    found = engine.calendar(p_calendar_id)
except plpy.SPIError:
    raise
except LookupError as error:
    return str(error.args[0]).strip("'")
except Exception as error:
    return "calendar %s cannot be read: %s" % (p_calendar_id, error)
try:
    opening = found.next_open(at)
except engine.OutOfRange:
    return "calendar %s: the instant asked for lies outside the years 3 to 9997" % p_calendar_id
if opening is None:
    return "calendar %s has no business time within ten years" % p_calendar_id
return None
$$;
comment on function sla._calendar_problem(bigint, bigint) is
    'Why clocks cannot count in that calendar from that instant on (microseconds since 1970 UTC; null: the transaction''s): it does not exist, its time zone is unknown, or ten years pass without opening. Null: it can be used.';
