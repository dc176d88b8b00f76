"""Second half of the oracle: what a clock's moments amount to, counted in plain intervals of business time.

Nothing is carried forward but the recorded crossings: every instant is counted anew from the clock's start.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from tests.oracle.business_time import Interval
from tests.oracle.desk import Calendar, Terms, opening_hours
from tests.oracle.moments import FOREVER, Life, Moment

ENDS = {"complete", "gained_complete"}


@dataclass(frozen=True)
class Crossing:
    """A row of sla.threshold_events that stands."""

    metric: str
    cycle: int
    percent: int
    kind: str
    crossed_at: datetime
    escalation_level: int | None


@dataclass(frozen=True)
class Clock:
    """The public columns of a row of sla.clocks."""

    metric: str
    cycle: int
    state: str
    policy: str
    priority: str
    target: timedelta
    started_at: datetime
    due_at: datetime | None
    paused_at: datetime | None
    completed_at: datetime | None
    breached_at: datetime | None
    met: bool | None
    cancel_reason: str | None
    next_percent: int | None
    next_fire_at: datetime | None


@dataclass
class Verdict:
    """A clock, its standing crossings, and the escalation levels that were ever reached out loud."""

    clock: Clock
    crossings: list[Crossing]
    levels: set[int] = field(default_factory=set)


def clip(intervals: tuple[Interval, ...], end: datetime) -> tuple[Interval, ...]:
    return tuple((begin, min(finish, end)) for begin, finish in intervals if begin < end)


def _without(opens: datetime, closes: datetime, gaps: tuple[Interval, ...]) -> Iterable[Interval]:
    for begin, end in gaps:
        if begin >= closes:
            break
        if end > opens:
            if begin > opens:
                yield opens, begin
            opens = end
        if opens >= closes:
            return
    if opens < closes:
        yield opens, closes


@lru_cache(maxsize=50_000)
def instant(
    started_at: datetime, calendar: Calendar | None, gaps: tuple[Interval, ...], amount: timedelta
) -> datetime | None:
    """The earliest instant at which ``amount`` of business time outside the gaps is used up; None: never."""
    left = amount
    for opens, closes in opening_hours(calendar, started_at):
        if gaps and gaps[-1][1] == FOREVER and opens >= gaps[-1][0]:
            return None
        for begin, end in _without(opens, closes, gaps):
            if end - begin >= left:
                return begin + left
            left -= end - begin
    return None


class Judge:
    """Works out one clock."""

    def __init__(self, life: Life, silent_before: datetime | None) -> None:
        self.life = life
        self.silent_before = silent_before
        self.live: dict[int, Crossing] = {}
        self.levels: set[int] = set()

    def instant(self, terms: Terms, percent: int, gaps: tuple[Interval, ...]) -> datetime | None:
        return instant(self.life.started_at, terms.calendar, gaps, terms.amount(percent))

    def record(
        self, terms: Terms, gaps: tuple[Interval, ...], until: datetime, completing: bool = False
    ) -> None:
        """Every percent crossed by ``until`` without a row, but none from 100 % at a completion's instant."""
        for percent in terms.percents:
            crossed_at = self.instant(terms, percent, gaps)
            if percent in self.live or crossed_at is None or crossed_at > until:
                continue
            if completing and percent >= 100 and crossed_at == until:
                continue
            level = terms.level(percent)
            kind = "warning" if percent < 100 else "breach"
            self.live[percent] = Crossing(self.life.metric, self.life.cycle, percent, kind, crossed_at, level)
            if level is not None and not (self.silent_before and crossed_at < self.silent_before):
                self.levels.add(level)

    def withdraw(self, moment: Moment, gaps: tuple[Interval, ...]) -> None:
        """Rows that the moment makes untrue, under the terms then in force (semantics §3, Withdrawing)."""
        until = moment.at
        if gaps and gaps[-1][1] == FOREVER and moment.kind not in ENDS:
            until = min(until, gaps[-1][0])
        for percent, row in list(self.live.items()):
            crossed_at: datetime | None = row.crossed_at
            if moment.kind in {"terms", "reopen"} | ENDS and row.crossed_at <= until:
                crossed_at = self.instant(moment.terms, percent, gaps)
            if moment.completing and percent >= 100 and row.crossed_at == moment.at:
                crossed_at = None  # in time under the old terms; the new ones judge afresh
            late = crossed_at is None or crossed_at > until
            if late or (moment.kind in ENDS and percent >= 100 and crossed_at == moment.at):
                del self.live[percent]

    def follow(self) -> None:
        terms: Terms | None = None
        is_open = False
        for moment in self.life.moments:
            gaps = moment.stops
            if is_open and terms is not None:
                self.record(terms, gaps, moment.at, moment.kind in ENDS or moment.completing)
            if moment.kind != "sweep":
                self.withdraw(moment, gaps)
            terms = moment.terms
            if moment.kind in {"terms", "reopen"}:
                self.record(terms, gaps, moment.at, moment.completing)
                is_open = True
            elif moment.kind in ENDS | {"cancel"}:
                is_open = False

    def verdict(self, gaps: tuple[Interval, ...]) -> Verdict:
        self.follow()
        state, last = self.life.state, self.last_change()
        paused_at = None
        if state == "open":
            paused_at = max(gaps[-1][0], self.life.started_at) if gaps and gaps[-1][1] == FOREVER else None
            state = "paused" if paused_at else "running"
        due_at = self.due_at(state, last, gaps)
        completed_at = last.at if state == "completed" else None
        breached_at = self.live[100].crossed_at if 100 in self.live else None
        if completed_at and due_at and completed_at > due_at and breached_at is None:
            breached_at = due_at
        met: bool | None = False if breached_at and state != "cancelled" else None
        if completed_at and due_at:
            met = completed_at <= due_at
        next_percent, next_fire_at = self.ahead(state, last.terms, gaps)
        clock = Clock(
            metric=self.life.metric,
            cycle=self.life.cycle,
            state=state,
            policy=last.terms.policy,
            priority=last.terms.priority,
            target=last.terms.target,
            started_at=self.life.started_at,
            due_at=due_at,
            paused_at=paused_at,
            completed_at=completed_at,
            breached_at=breached_at,
            met=met,
            cancel_reason=last.reason if state == "cancelled" else None,
            next_percent=next_percent,
            next_fire_at=next_fire_at,
        )
        return Verdict(clock, list(self.live.values()), self.levels)

    def last_change(self) -> Moment:
        return next(m for m in reversed(self.life.moments) if m.kind not in {"pause", "sweep"})

    def due_at(self, state: str, last: Moment, gaps: tuple[Interval, ...]) -> datetime | None:
        """100 % given the pauses that have ended; a completion ends them; nothing is due once cancelled."""
        if state == "completed":
            gaps = clip(last.stops, last.at)
        elif state == "cancelled":
            return None
        ended = tuple(gap for gap in gaps if gap[1] != FOREVER)
        return self.instant(last.terms, 100, ended)

    def ahead(
        self, state: str, terms: Terms, gaps: tuple[Interval, ...]
    ) -> tuple[int | None, datetime | None]:
        if state not in {"running", "paused"}:
            return None, None
        percent = next((p for p in terms.percents if p not in self.live), None)
        if percent is None or state == "paused":
            return percent, None
        return percent, self.instant(terms, percent, gaps)
