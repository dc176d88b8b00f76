create or replace function sla._business_instants_over(
    p_calendar_id bigint, p_run_starts bigint[], p_run_ends bigint[], p_amounts bigint[])
returns bigint[]
language plpython3u stable parallel unsafe security invoker cost 400
as $$
if p_run_starts is None or p_run_ends is None or p_amounts is None:
    return None
engine = GD.get("slapg_calendar")
if engine is None:
    plpy.execute("select sla._load_calendar_engine()")
    engine = GD["slapg_calendar"]
found = engine.usable(p_calendar_id)
if found is None:
    return [None] * len(p_amounts)
try:
    lengths = engine.runs_elapsed(found, p_run_starts, p_run_ends)
except engine.OutOfRange:
    return [None] * len(p_amounts)
return [engine.instant_over(found, p_run_starts, lengths, amount) for amount in p_amounts]
$$;
comment on function sla._business_instants_over(bigint, bigint[], bigint[], bigint[]) is
    'For each amount of business time (microseconds) the earliest instant (microseconds since 1970 UTC) at which it has passed (semantics §1), where business time counts only inside the runs [start, end) (ascending, disjoint; a last end of null: endless), so a clock''s pauses are the gaps. Calendar null: 24x7. Amount 0 is the first start. An element is null when the runs never reach it, for a negative amount, when ten years pass without opening, or when the calendar cannot be used.';
