-- What the transitions of a clock amount to. A watch runs between the pauses and keeps what it has counted, so each
-- transition costs the stretch since the one before; only another calendar, or a change in the past, makes it start
-- over. Instants and durations are microseconds (since 1970 UTC).
create or replace function sla._load_clock_count() returns void
language plpython3u volatile parallel unsafe security invoker
as $$
from bisect import bisect_left
from types import SimpleNamespace

if "slapg_calendar" not in GD:
    plpy.execute("select sla._load_calendar_engine()")
if "slapg_ticket_history" not in GD:
    plpy.execute("select sla._load_ticket_history()")
calendar_of = GD["slapg_calendar"].calendar
OutOfRange = GD["slapg_calendar"].OutOfRange
NEVER = GD["slapg_ticket_history"].NEVER
ENDS = ("complete", "gained")


def clipped(gaps, paused_at, end):
    """The pauses of a clock that completes: none goes on beyond that."""
    if gaps and gaps[-1][1] > end:
        gaps = tuple((start, min(stop, end)) for start, stop in gaps if start < end)
    if paused_at is not None and paused_at < end:
        gaps += ((paused_at, end),)
    return gaps


class Watch:
    """Business time since a start, outside gaps. before[i] = what was counted before the run from starts[i]."""

    def __init__(self, calendar, started_at):
        self.calendar = calendar
        self.started_at = started_at
        self.begin()

    def begin(self):
        self.gaps = ()
        self.starts = [self.started_at]
        self.before = [0]

    def follow(self, gaps):
        """Take in the pauses that have ended by now; what lies before the new ones stays counted."""
        if gaps is self.gaps:
            return
        known = len(self.gaps)
        if known and (len(gaps) < known or gaps[known - 1] != self.gaps[-1]):
            self.begin()
            known = 0
        for start, end in gaps[known:]:
            if end > self.started_at:
                self.before.append(self.elapsed(max(start, self.started_at)))
                self.starts.append(end)
        self.gaps = gaps

    def elapsed(self, at):
        """Business time counted by an instant of the last run."""
        return self.before[-1] + self.calendar.between(self.starts[-1], at)

    def reach(self, amount):
        """The earliest instant with that amount counted, as if the last run never ended."""
        run = bisect_left(self.before, amount) - 1
        try:
            at = self.calendar.add(self.starts[run], amount - self.before[run])
        except OutOfRange:
            return NEVER
        return NEVER if at is None else at


class Count:
    """A clock counted through its transitions, and what was crossed up to `until`, swept or not.

    `live` has the crossings that stand: percent -> (instant, escalation level, in order of recording).
    """

    def __init__(self, clock, history, until):
        self.clock = clock
        self.live = {}
        self.watch = None
        self.terms = None
        self.is_open = False
        for transition in clock.transitions:
            self.pass_through(transition)
        self.paused_at = None
        if clock.state == "open":
            self.watch.follow(history.gaps)
            if history.paused_at is not None:
                self.paused_at = max(history.paused_at, clock.started_at)
                until = min(until, self.paused_at)
            self.record(until)
        self.conclude()

    def pass_through(self, transition):
        at, kind, ending = transition.at, transition.kind, transition.kind in ENDS
        until, gaps = at, transition.gaps
        if ending:
            gaps = clipped(gaps, transition.paused_at, at)
        elif transition.paused_at is not None:
            until = min(until, max(transition.paused_at, self.clock.started_at))
        if self.is_open:
            self.watch.follow(gaps)
            self.record(until, ending or transition.closing, at)
        if self.watch is None or self.terms.calendar != transition.terms.calendar:
            self.watch = Watch(calendar_of(transition.terms.calendar), self.clock.started_at)
        self.terms = transition.terms
        self.watch.follow(gaps)
        self.withdraw(transition, until, ending)
        if kind in ("terms", "reopen"):
            self.record(until, transition.closing, at)
        if kind != "pause":
            self.is_open = kind in ("terms", "reopen")

    def amount(self, percent):
        return self.terms.target * percent // 100

    def record(self, until, completing=False, at=None):
        """Every percent crossed by `until`; from 100 % on not at the instant of a completion: that is met."""
        for percent in self.terms.percents:
            if percent not in self.live:
                crossed_at = self.watch.reach(self.amount(percent))
                if crossed_at > until or (completing and percent >= 100 and crossed_at == at):
                    break
                levels = self.terms.levels
                level = levels.index(percent) + 1 if percent in levels else None
                self.live[percent] = (crossed_at, level)

    def withdraw(self, transition, until, ending):
        """Crossings that did not happen after all (semantics §3, Withdrawing)."""
        judged_anew = transition.kind not in ("pause", "cancel")
        for percent, (crossed_at, _) in list(self.live.items()):
            undone = crossed_at > until or (transition.closing and percent >= 100 and crossed_at == transition.at)
            if not undone and judged_anew:
                crossed_at = self.watch.reach(self.amount(percent))
                undone = crossed_at > until or (ending and percent >= 100 and crossed_at == until)
            if undone:
                del self.live[percent]

    def conclude(self):
        """The columns of sla.clocks that follow."""
        clock, terms = self.clock, self.terms
        self.crossings = [self.watch.reach(self.amount(percent)) for percent in terms.percents]
        self.due_at = self.crossings[terms.percents.index(100)]
        self.completed_at = clock.transitions[-1].at if clock.state == "completed" else None
        self.breached_at = self.live[100][0] if 100 in self.live else None
        self.met = False if self.breached_at is not None else None
        if clock.state == "completed":
            self.met = self.completed_at <= self.due_at
            if not self.met and self.breached_at is None:
                self.breached_at = self.due_at
        elif clock.state == "cancelled":
            self.met = None
        self.state = clock.state
        self.next_percent = self.next_fire_at = None
        if clock.state == "open":
            self.state = "running" if self.paused_at is None else "paused"
            self.wait_for(next((percent for percent in terms.percents if percent not in self.live), None))

    def wait_for(self, percent):
        """That is the next percent to be recorded."""
        self.next_percent = percent
        self.next_fire_at = None
        if percent is not None and self.paused_at is None:
            self.next_fire_at = self.crossings[self.terms.percents.index(percent)]

    def unsettle(self, percent):
        """As it stands until the sweep comes: nothing from that percent on is recorded yet."""
        self.live = {each: crossed for each, crossed in self.live.items() if each < percent}
        if percent <= 100:
            self.breached_at = self.met = None
        self.wait_for(percent)


GD["slapg_clock_count"] = SimpleNamespace(Count=Count, Watch=Watch, clipped=clipped)
$$;
comment on function sla._load_clock_count() is
    'Loads into this connection''s PL/Python dictionary (GD) how clocks are counted from their history: a second path to what triggers and sweep keep in sla.clocks and sla.threshold_events, sharing only the calendars with them (semantics §2, §3, §7).';
