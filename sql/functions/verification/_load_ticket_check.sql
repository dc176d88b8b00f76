-- Compares what is stored of a ticket with what its history amounts to. The stored rows are only ever compared, never
-- counted with; the one thing believed of them is that the sweep has not come yet where a running clock still waits
-- for a crossing that is due.
create or replace function sla._load_ticket_check() returns void
language plpython3u volatile parallel unsafe security invoker
as $$
from collections import Counter
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

plpy.execute("select sla._load_clock_count()")
Count = GD["slapg_clock_count"].Count
histories = GD["slapg_ticket_history"]
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
OF_TENANT = " where x.tenant_id = helpdesk.current_tenant() and x.ticket_id = any ($1)"


def us(*names):
    return ", ".join("sla._to_us(x.%s) as %s" % (name, name) for name in names)


stored_clocks = plpy.prepare(
    "select x.ticket_id, x.metric, x.cycle, x.state, x.policy_id, x.priority_id, x.calendar_id, x.percents,"
    " x.escalation_percents, x.met, x.cancel_reason, x.next_percent,"
    " (extract(epoch from x.target) * 1000000)::bigint as target,"
    " array(select sla._to_us(u.crossing) from unnest(x.crossings) with ordinality as u (crossing, place)"
    "       order by u.place) as crossings, "
    + us("started_at", "due_at", "paused_at", "completed_at", "breached_at", "next_fire_at")
    + " from sla.clocks x" + OF_TENANT, ["uuid[]"])
stored_pauses = plpy.prepare(
    "select x.ticket_id, x.reason, " + us("paused_at", "resumed_at") + " from sla.pauses x" + OF_TENANT
    + " order by x.ticket_id, x.pause_id", ["uuid[]"])
stored_crossings = plpy.prepare(
    "select x.ticket_id, x.metric, x.cycle, x.percent, x.kind, x.escalation_level, " + us("crossed_at")
    + " from sla.threshold_events x" + OF_TENANT + " and x.withdrawn_at is null", ["uuid[]"])


def instant(at):
    if at is None or abs(at) >= histories.NEVER:
        return None if at is None else "never"
    return (EPOCH + timedelta(microseconds=at)).isoformat(" ")


def duration(amount):
    return None if amount is None else str(timedelta(microseconds=amount))


def instants(many):
    return None if many is None else ", ".join(str(instant(at)) for at in many)


def plain(value):
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# Columns of sla.clocks, what a count calls them, and how they read.
COLUMNS = (
    ("state", "state", plain), ("policy_id", "policy", plain), ("priority_id", "priority", plain),
    ("calendar_id", "calendar", plain), ("target", "target", duration), ("percents", "percents", plain),
    ("escalation_percents", "levels", plain), ("crossings", "crossings", instants),
    ("started_at", "started_at", instant), ("due_at", "due_at", instant), ("paused_at", "paused_at", instant),
    ("completed_at", "completed_at", instant), ("breached_at", "breached_at", instant), ("met", "met", plain),
    ("cancel_reason", "cancel_reason", plain), ("next_percent", "next_percent", plain),
    ("next_fire_at", "next_fire_at", instant))
OF_TERMS = {"policy", "priority", "calendar", "target", "percents", "levels"}
OF_CLOCK = {"started_at", "cancel_reason"}


def counted(count, name):
    if name in OF_TERMS:
        return getattr(count.terms, name)
    if name in OF_CLOCK:
        return getattr(count.clock, name) if name != "cancel_reason" or count.state == "cancelled" else None
    return getattr(count, name)


def clock_differences(key, row, count, crossings, until):
    """One clock: its columns, then its crossings that stand ({percent: row})."""
    if count is None or row is None:
        yield (*key, "clock", row and row["state"], count and count.state)
        return
    waits_for = row["next_percent"]
    if count.state == "running" and waits_for in count.live and count.live[waits_for][0] <= until:
        count.unsettle(waits_for)  # due, and the sweep has not come yet
    for column, name, words in COLUMNS:
        recorded, recomputed = row[column], counted(count, name)
        if recorded != recomputed:
            yield (*key, column, words(recorded), words(recomputed))
    for percent in sorted(count.live.keys() | crossings.keys()):
        yield from crossing_differences(key, percent, crossings.get(percent), count.live.get(percent))


def crossing_differences(key, percent, row, crossed):
    what = "threshold %s %%" % percent
    if row is None or crossed is None:
        yield (*key, what, row and instant(row["crossed_at"]), crossed and instant(crossed[0]))
        return
    if row["crossed_at"] != crossed[0]:
        yield (*key, what, instant(row["crossed_at"]), instant(crossed[0]))
    if row["escalation_level"] != crossed[1]:
        yield (*key, what + " escalation_level", plain(row["escalation_level"]), plain(crossed[1]))
    kind = "warning" if percent < 100 else "breach"
    if row["kind"] != kind:
        yield (*key, what + " kind", row["kind"], kind)


def pause_differences(rows, history):
    """Pauses by reason; a row of each side that has no equal is shown beside the next such one of the other."""
    recorded = Counter((row["reason"], row["paused_at"], row["resumed_at"]) for row in rows)
    recomputed = Counter(tuple(pause) for pause in history.pauses)
    for reason in sorted({pause[0] for pause in recorded | recomputed}):
        left, right = (
            sorted(span(pause) for pause in side.elements() if pause[0] == reason)
            for side in (recorded - recomputed, recomputed - recorded))
        for place in range(max(len(left), len(right))):
            yield (None, None, "pause " + reason, *(side[place] if place < len(side) else None
                                                    for side in (left, right)))


def span(pause):
    return "%s to %s" % (instant(pause[1]), "now" if pause[2] is None else instant(pause[2]))


def grouped(plan, ticket_ids):
    found = {}
    for row in plpy.execute(plan, [ticket_ids]):
        found.setdefault(row["ticket_id"], []).append(row)
    return found


def ticket_differences(entries, clocks, pauses, crossings, until):
    """(metric, cycle, what, recorded, recomputed) for whatever differs in one ticket."""
    history = histories.told(entries)
    if history is None:
        yield (None, None, "history", "begins with %s" % entries[0]["event_type"] if entries else "missing", None)
        return
    yield from pause_differences(pauses, history)
    stored = {(row["metric"], row["cycle"]): row for row in clocks}
    expected = {(clock.metric, clock.cycle): clock for clock in history.all_clocks()}
    rows_of = {}
    for row in crossings:
        rows_of.setdefault((row["metric"], row["cycle"]), {})[row["percent"]] = row
    for key in sorted(stored.keys() | expected.keys() | rows_of.keys()):
        try:
            count = Count(expected[key], history, until) if key in expected else None
        except plpy.SPIError:
            raise
        except Exception as error:  # a calendar that cannot be counted in
            yield (*key, "calendar_id", plain(key in stored and stored[key]["calendar_id"] or None), str(error))
            continue
        yield from clock_differences(key, stored.get(key), count, rows_of.get(key, {}), until)


def differences(ticket_ids, until):
    """(ticket_id, metric, cycle, what, recorded, recomputed) for whatever differs in some tickets of the tenant.

    `until`: crossings up to this instant may have been recorded by a sweep.
    """
    entries, clocks = histories.entries_of(ticket_ids), grouped(stored_clocks, ticket_ids)
    pauses, crossings = grouped(stored_pauses, ticket_ids), grouped(stored_crossings, ticket_ids)
    for ticket_id in ticket_ids:
        of_ticket = (side.get(ticket_id, ()) for side in (entries, clocks, pauses, crossings))
        for difference in ticket_differences(*of_ticket, until):
            yield (ticket_id, *difference)


GD["slapg_ticket_check"] = SimpleNamespace(differences=differences)
$$;
comment on function sla._load_ticket_check() is
    'Loads into this connection''s PL/Python dictionary (GD) the comparison of stored clocks, pauses and threshold events with what the audit log amounts to. For sla.verify_tickets.';
