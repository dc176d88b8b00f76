-- What the audit log says of a ticket, told from its first entry on: the ground that verifying, simulating and asking
-- for the past stand on. Nothing here reads sla.clocks, sla.pauses or sla.threshold_events, and nothing is counted
-- yet: a history holds fields, pauses and the transitions of clocks. Instants are microseconds since 1970 UTC.
create or replace function sla._load_ticket_history() returns void
language plpython3u volatile parallel unsafe security invoker
as $$
from json import loads
from types import SimpleNamespace

MINUTE = 60_000_000
NEVER = 2**63 - 1


class Terms:
    """What a clock was promised: the target in microseconds, a calendar number (None: 24x7), percents, levels."""

    __slots__ = ("policy", "priority", "calendar", "target", "percents", "levels")

    def __init__(self, data, definition):
        self.policy = data["policy_id"]
        self.priority = data["priority_id"]
        self.calendar = definition.get("calendar_id")
        self.target = definition["target_minutes"] * MINUTE
        self.percents = definition["percents"]
        self.levels = definition["escalation_percents"]

    def on(self, calendar):
        """The same promise in another calendar version."""
        other = object.__new__(Terms)
        for name in Terms.__slots__:
            setattr(other, name, getattr(self, name))
        other.calendar = calendar
        return other


class Transition:
    """Something that happened to a clock, with the terms and the ticket's pauses as they were from then on.

    Kinds: terms (a start, a revival, new terms), reopen, pause (also a resume), complete, gained (completed as it
    was gained, without thresholds), cancel. `closing`: new terms taken by a statement that closes the ticket.
    """

    __slots__ = ("kind", "at", "terms", "gaps", "paused_at", "closing")

    def __init__(self, kind, at, terms, gaps, paused_at, closing=False):
        self.kind = kind
        self.at = at
        self.terms = terms
        self.gaps = gaps
        self.paused_at = paused_at
        self.closing = closing


class Clock:
    """One metric of a ticket, in one cycle; what its transitions amount to is counted elsewhere."""

    __slots__ = ("metric", "cycle", "started_at", "transitions", "state", "cancel_reason", "priority")

    def __init__(self, metric, cycle, started_at):
        self.metric = metric
        self.cycle = cycle
        self.started_at = started_at
        self.transitions = []
        self.state = "open"
        self.cancel_reason = None
        self.priority = None  # of the ticket when the clock completed

    @property
    def terms(self):
        return self.transitions[-1].terms


class History:
    """One ticket.

    `gaps` are the ended pauses, merged, as disjoint (start, end); `paused_at` is since when any reason has held.
    `reply` and `closing` are (instant, priority of then): the first reply ever, the closing that still holds.
    """

    def __init__(self):
        self.entered_at = None
        self.fields = {}
        self.moves = {"status_id": [], "response_state": []}  # (instant, value) in order
        self.pauses = []  # [reason, paused_at, resumed_at]
        self.held = {}
        self.gaps = ()
        self.paused_at = None
        self.reply = None
        self.closing = None
        self.first_closing = None
        self.policy = None
        self.clocks = {"response": [], "resolution": []}
        self.gained = {}

    def all_clocks(self):
        return [clock for clocks in self.clocks.values() for clock in clocks]

    def read(self, entries):
        """Take in the ticket's entries, in order of writing."""
        for place, entry in enumerate(entries):
            event, at, data = entry["event_type"], entry["at"], loads(entry["data"])
            if event in ("sla_started", "sla_not_started"):
                if "metric" not in data:
                    self.enter(at, entry, data)
            elif event == "ticket_changed":
                self.change(at, data)
            elif event == "sla_paused":
                self.pause(at, data["reason"])
            elif event == "sla_resumed":
                self.resume(at, data["reason"])
            elif event in ("response_recorded", "resolution_recorded"):
                self.complete(data["metric"], at, "gained" in data)
            elif event == "sla_cancelled":
                self.cancel(data["metric"], data["cycle"], at, data["reason"])
            elif event == "sla_reopened":
                self.reopen(at, data)
            elif event == "recalculated" and "calendar_id" in data:
                self.recount(at, data)
            elif "terms" in data:
                closing = event in ("priority_changed", "policy_changed") and closes(entries, place)
                self.take_terms(at, data, closing)

    def note(self, clock, kind, at, terms=None, closing=False):
        clock.transitions.append(
            Transition(kind, at, terms or clock.terms, self.gaps, self.paused_at, closing))
        if kind in ("complete", "gained"):
            clock.state, clock.priority = "completed", self.fields.get("priority_id")
        elif kind == "cancel":
            clock.state = "cancelled"
        elif kind != "pause":
            clock.state = "open"

    def begin(self, metric, started_at, kind, at, terms):
        clock = Clock(metric, len(self.clocks[metric]) + 1, started_at)
        self.clocks[metric].append(clock)
        self.note(clock, kind, at, terms)

    def open_clocks(self):
        return [clocks[-1] for clocks in self.clocks.values() if clocks and clocks[-1].state == "open"]

    def set_field(self, name, at, value):
        self.fields[name] = value
        if name in self.moves:
            self.moves[name].append((at, value))

    def enter(self, at, entry, data):
        self.entered_at = at
        self.policy = data.get("policy_id")
        for name in ("status_id", "response_state", "priority_id"):
            self.set_field(name, at, data.get(name))
        begins, reasons = at, list(data.get("paused_by", ()))
        if data.get("closed"):
            supplied = entry["closed_at"]
            begins = at if supplied is None else max(at, min(supplied, entry["written_at"]))
            reasons.append("closed")
        for reason in reasons:
            self.pause(begins, reason)
        for metric, definition in data.get("terms", {}).items():
            answered = metric == "resolution" or data.get("closing_completes_response", False)
            if data.get("closed") and answered:
                self.begin(metric, at, "gained", begins, Terms(data, definition))
            else:
                self.begin(metric, at, "terms", at, Terms(data, definition))

    def change(self, at, data):
        for name, value in data.items():
            if isinstance(value, dict):
                self.set_field(name, at, value.get("new"))
        if "reply" in data and self.reply is None:
            self.reply = (at, self.fields.get("priority_id"))

    def pause(self, at, reason):
        self.held[reason] = row = [reason, at, None]
        self.pauses.append(row)
        if reason == "closed":
            self.closing = (at, self.fields.get("priority_id"))
            self.first_closing = self.first_closing or self.closing
        if self.paused_at is None:
            self.paused_at = at
            if self.gaps and self.gaps[-1][1] == at:  # it goes on with the one that ended here
                self.paused_at = self.gaps[-1][0]
                self.gaps = self.gaps[:-1]
            for clock in self.open_clocks():
                self.note(clock, "pause", at)

    def resume(self, at, reason):
        row = self.held.pop(reason)
        row[2] = at
        if reason == "closed":
            self.closing = None
        if not self.held:
            if at > self.paused_at:
                self.gaps += ((self.paused_at, at),)
            self.paused_at = None
            for clock in self.open_clocks():
                self.note(clock, "pause", at)

    def complete(self, metric, at, gained):
        if gained:  # the entry with its terms follows
            self.gained[metric] = at
        else:
            self.note(self.clocks[metric][-1], "complete", at)

    def cancel(self, metric, cycle, at, reason):
        clock = self.clocks[metric][cycle - 1]
        if clock.state != "cancelled":  # else it is only by another reason
            self.note(clock, "cancel", at)
        clock.cancel_reason = reason

    def take_terms(self, at, data, closing=False):
        self.policy = data.get("policy_id")
        for metric, definition in data["terms"].items():
            terms, clocks = Terms(data, definition), self.clocks[metric]
            done_at = self.gained.pop(metric, None)
            kind = "terms" if done_at is None else "gained"
            begins = clocks[-1].started_at if clocks else self.entered_at
            when = max(begins, at if done_at is None else done_at)
            if clocks:
                self.note(clocks[-1], kind, when, terms, closing)
            else:
                self.begin(metric, begins, kind, when, terms)

    def recount(self, at, data):
        for clock in self.open_clocks():
            if clock.metric in data["metrics"]:
                self.note(clock, "terms", at, clock.terms.on(data["calendar_id"]))

    def reopen(self, at, data):
        clocks = self.clocks["resolution"]
        definition = data.get("terms", {}).get("resolution")
        if data["mode"] == "restart" and definition:
            self.begin("resolution", at, "terms", at, Terms(data, definition))
        elif data["mode"] == "continue" and clocks[-1].state == "completed":
            self.note(clocks[-1], "reopen", at)


def closes(entries, place):
    """Whether the statement that wrote the entry at that place closes the ticket: one statement, one instant."""
    at = entries[place]["at"]
    for entry in entries[place + 1:]:
        if entry["event_type"] == "ticket_changed" or entry["at"] != at:
            return False
        if entry["event_type"] == "sla_paused" and loads(entry["data"])["reason"] == "closed":
            return True
    return False


# What follows from these (thresholds, escalation, notifications) is not read: it is to be recomputed.
logged = plpy.prepare(
    "select a.ticket_id, a.event_type, sla._to_us(a.effective_at) as at, sla._to_us(a.created_at) as written_at,"
    " a.event_data::text as data,"
    " case when a.event_type in ('sla_started', 'sla_not_started')"
    "      then sla._to_us((a.event_data ->> 'closed_at')::timestamptz) end as closed_at"
    " from sla.audit_log a"
    " where a.tenant_id = helpdesk.current_tenant() and a.ticket_id = any ($1)"
    " and a.event_type in ('sla_started', 'sla_not_started', 'ticket_changed', 'sla_paused', 'sla_resumed',"
    " 'response_recorded', 'resolution_recorded', 'sla_cancelled', 'sla_reopened', 'recalculated',"
    " 'priority_changed', 'policy_changed', 'manual_override')"
    " order by a.ticket_id, a.log_id", ["uuid[]"])


def entries_of(ticket_ids):
    """The audit entries of tickets of the current tenant: lists in order of writing, by ticket."""
    found = {}
    for row in plpy.execute(logged, [ticket_ids]):
        found.setdefault(row["ticket_id"], []).append(row)
    return found


def told(entries):
    """The history that the entries of one ticket tell, or None when they do not: its beginning is missing."""
    history = History()
    try:
        history.read(entries)
    except (LookupError, TypeError, ValueError):
        return None
    return history if history.entered_at is not None else None


GD["slapg_ticket_history"] = SimpleNamespace(entries_of=entries_of, told=told, NEVER=NEVER, MINUTE=MINUTE)
$$;
comment on function sla._load_ticket_history() is
    'Loads the reader of the audit log into this connection''s PL/Python dictionary (GD): entries of a ticket become its fields, pauses and the transitions of its clocks (semantics §7). For sla.verify_tickets, sla.simulate_tickets and sla.status.';
