create or replace function sla._business_instants(p_calendar_id bigint, p_start bigint, p_amounts bigint[])
returns bigint[]
language plpython3u stable parallel unsafe security invoker cost 300
as $$
if p_start is None or p_amounts is None:
    return None
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.usable(p_calendar_id)
if found is None:
    return [None] * len(p_amounts)
instant = engine.instant
return [instant(found, p_start, amount) for amount in p_amounts]
$$;
comment on function sla._business_instants(bigint, bigint, bigint[]) is
    'For each amount of business time (microseconds) the earliest instant by which it has passed since the start (microseconds since 1970 UTC); negative: the latest instant from which it passes until the start (semantics §1). Calendar null: 24x7. An element is null when ten years pass without opening, when it lies more than 285 years away, or when the calendar cannot be used (see sla._calendar_problem); never an error, because ticket writes depend on it.';
