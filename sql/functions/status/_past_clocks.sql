-- The rows of sla.clocks know the present only; how a clock stood, under the terms of then, is in the history.
create or replace function sla._past_clocks(p_ticket_id uuid, p_at bigint)
returns table (
    metric text, cycle smallint, state text, policy_id uuid, target bigint, started_at bigint, due_at bigint,
    completed_at bigint, elapsed bigint, reason text, met boolean)
language plpython3u stable parallel unsafe security invoker
as $$
if "slapg_clock_count" not in GD:
    plpy.execute("select sla._load_clock_count()")
histories, counting = GD["slapg_ticket_history"], GD["slapg_clock_count"]
calendar_of = GD["slapg_calendar"].calendar


def standing(history, clock):
    last, terms = clock.transitions[-1], clock.terms
    watch = counting.Watch(calendar_of(terms.calendar), clock.started_at)
    paused_at = history.paused_at
    if paused_at is not None:
        paused_at = None if paused_at > p_at else max(paused_at, clock.started_at)
    gaps, end, completed_at, reason, met = history.gaps, p_at, None, None, None
    state = "running" if paused_at is None else "paused"
    if clock.state == "completed" and last.at <= p_at:
        state, end = "completed", last.at
        completed_at, gaps, paused_at = end, counting.clipped(last.gaps, last.paused_at, end), None
    elif clock.state == "cancelled":
        state, end, gaps, paused_at, reason = "cancelled", last.at, last.gaps, last.paused_at, clock.cancel_reason
    elif state == "paused":
        reason = ", ".join(sorted(name for name, row in history.held.items() if row[1] <= p_at))
    watch.follow(gaps)
    due_at = watch.reach(terms.target)
    if state == "completed":
        met = completed_at <= due_at
    elif state != "cancelled" and (due_at < p_at if paused_at is None else due_at <= paused_at):
        met = False
    watch.follow(counting.clipped(gaps, paused_at, max(end, clock.started_at)))
    return (clock.metric, clock.cycle, state, terms.policy, terms.target, clock.started_at, due_at, completed_at,
            watch.elapsed(max(end, clock.started_at)), reason, met)


entries = [entry for entry in histories.entries_of([p_ticket_id]).get(p_ticket_id, ()) if entry["at"] <= p_at]
history = histories.told(entries)
return [standing(history, clock) for clock in history.all_clocks()] if history is not None else []
$$;
comment on function sla._past_clocks(uuid, bigint) is
    'How the clocks of a ticket of the current tenant stood at an instant (microseconds since 1970 UTC), from the audit entries that had taken effect by then; durations in microseconds. For sla.status (semantics §7).';
