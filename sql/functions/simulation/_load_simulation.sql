-- Past tickets under other terms. Who wrote what and when stays as it was; what was promised for it is swapped. The
-- verdict depends on the last terms of a clock only, so no threshold need be gone through.
create or replace function sla._load_simulation() returns void
language plpython3u volatile parallel unsafe security invoker
as $$
from json import dumps, loads
from types import SimpleNamespace

if "slapg_clock_count" not in GD:
    plpy.execute("select sla._load_clock_count()")
engine = GD["slapg_calendar"]
histories = GD["slapg_ticket_history"]
Watch, clipped = GD["slapg_clock_count"].Watch, GD["slapg_clock_count"].clipped
MINUTE = histories.MINUTE


def merged(spans):
    """Pauses (start, end or None) as (gaps, since when an open one holds)."""
    gaps = []
    for start, end in sorted((start, histories.NEVER if end is None else end) for start, end in spans):
        if start == end:
            continue
        if gaps and start <= gaps[-1][1]:
            gaps[-1] = (gaps[-1][0], max(end, gaps[-1][1]))
        else:
            gaps.append((start, end))
    open_since = gaps.pop()[0] if gaps and gaps[-1][1] == histories.NEVER else None
    return tuple(gaps), open_since


def spans_of(moves, holds):
    """The times in which a field had a value that holds."""
    since = None
    for at, value in moves:
        if holds(value) and since is None:
            since = at
        elif not holds(value) and since is not None:
            yield since, at
            since = None
    if since is not None:
        yield since, None


class Simulation:
    """A scenario as sla._scenario made it."""

    def __init__(self, scenario, now):
        self.now = now
        self.scenario = scenario
        self.targets, self.policy = scenario["targets"], scenario["policy"]
        self.around_the_clock = set(scenario["around_the_clock"])
        self.pause_statuses = scenario["pause_statuses"]
        self.awaiting_pauses = scenario["pause_on_awaiting_client"]
        self.calendars = {}

    def calendar(self, number):
        """The compiled calendar of that number, with the extra hours of the scenario."""
        extra = self.scenario["extra_hours"]
        if number is None or not extra:
            return engine.calendar(number)
        if number not in self.calendars:
            definition = loads(engine.definition(number))
            if not definition["is_24x7"]:
                definition["entries"] = definition["entries"] + extra
            self.calendars[number] = engine.build(dumps(definition))
        return self.calendars[number]

    def pauses(self, history):
        """(gaps, open since) as the scenario's rules would have paused the ticket; None: it has no such rules."""
        if self.pause_statuses is None and self.awaiting_pauses is None:
            return None
        ruled = {"status": self.pause_statuses is not None, "awaiting_client": self.awaiting_pauses is not None}
        spans = [(start, end) for reason, start, end in history.pauses if not ruled.get(reason)]
        if ruled["status"]:
            spans += spans_of(history.moves["status_id"], self.pause_statuses.__contains__)
        if self.awaiting_pauses:
            spans += spans_of(history.moves["response_state"], "awaiting_client".__eq__)
        return merged(spans)

    def terms(self, history, metric, priority, base):
        """(target, calendar number) or None for no promise; base: the terms that the clock ended with, or None."""
        target, calendar, always = None, self.scenario["calendars"].get(
            history.policy, self.scenario["default_calendar"]), False
        if self.policy is not None:
            rule = self.policy.get("%s %s" % (priority, metric))
            if rule:
                target, calendar, always = rule["target_minutes"] * MINUTE, rule["calendar_id"], rule["is_24x7"]
        elif base is not None:
            target, calendar = base.target, base.calendar
            always = calendar is None and "%s %s" % (base.policy, base.priority) in self.around_the_clock
        named = self.targets.get(priority, {})
        if metric + "_minutes" in named:
            minutes = named[metric + "_minutes"]
            target = None if minutes is None else minutes * MINUTE
        if target is None:
            return None
        always = named.get("is_24x7", always)
        if always:
            return target, None
        if self.scenario["schedule"]:
            calendar = self.scenario["schedule"]["calendar_id"]
        elif calendar is None and "is_24x7" in named:
            calendar = self.scenario["default_calendar"]
        return target, calendar

    def done(self, history, metric):
        """(instant, priority of then) at which a metric that nobody clocked was done, or None."""
        if metric == "resolution":
            return history.closing
        answers = [history.reply]
        if self.scenario["close_completes_response"]:
            answers.append(history.first_closing)
        return min(filter(None, answers), default=None, key=lambda answer: answer[0])

    def clocks(self, history):
        """Each clock to judge: (metric, cycle, started_at), (completed_at, priority), terms, pauses known then.

        The terms are those that it ended with, None for one that nothing was promised for: the scenario may.
        """
        now = (None, history.fields.get("priority_id"))
        known = (history.gaps, history.paused_at)
        for metric, clocks in history.clocks.items():
            for clock in clocks:
                key, last = (metric, clock.cycle, clock.started_at), clock.transitions[-1]
                if clock.state == "completed":
                    yield key, (last.at, clock.priority), clock.terms, (last.gaps, last.paused_at)
                elif clock.state == "open":
                    yield key, now, clock.terms, known
                elif clock.cancel_reason != "manual":
                    yield key, self.done(history, metric) or now, None, known
            if not clocks:
                yield (metric, 1, history.entered_at), self.done(history, metric) or now, None, known

    def judged(self, history):
        """(metric, cycle, priority, started_at, completed_at, target, due_at, outcome) of each clock of a ticket."""
        if self.scenario["of_policy"] not in (None, history.policy):
            return
        ruled = self.pauses(history)
        for (metric, cycle, started_at), (completed_at, priority), base, known in self.clocks(history):
            terms = self.terms(history, metric, priority, base)
            target = due_at = outcome = None
            if terms is not None:
                target, number = terms
                gaps, paused_at = ruled or known
                watch = Watch(self.calendar(number), started_at)
                watch.follow(gaps if completed_at is None else clipped(gaps, paused_at, completed_at))
                due_at = watch.reach(target)
                outcome = self.outcome(due_at, completed_at, paused_at and max(paused_at, started_at))
            yield metric, cycle, priority, started_at, completed_at, target, due_at, outcome

    def outcome(self, due_at, completed_at, paused_at):
        if completed_at is not None:
            return "met" if completed_at <= due_at else "missed"
        late = due_at <= paused_at if paused_at is not None else due_at < self.now
        return "missed" if late else "open"


GD["slapg_simulation"] = SimpleNamespace(Simulation=Simulation)
$$;
comment on function sla._load_simulation() is
    'Loads into this connection''s PL/Python dictionary (GD) how past tickets are judged under other terms. For sla._simulate_clocks.';
