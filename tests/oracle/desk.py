"""The configuration of a service desk as the oracle sees it, and the terms that it gives a ticket."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from tests.oracle import business_time
from tests.oracle.business_time import Entry, Holiday, Interval

WINDOW = timedelta(days=7)
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Calendar:
    """A schedule's zone, entries and holidays as a value; None stands for 24x7 wherever a calendar may be."""

    timezone: str = "UTC"
    entries: tuple[Entry, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    name: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return self.name or f"Calendar({self.timezone}, {self.entries}, {self.holidays})"


@lru_cache(maxsize=500)
def _business_time(calendar: Calendar) -> business_time.Calendar:
    return business_time.Calendar(calendar.timezone, calendar.entries, calendar.holidays)


@lru_cache(maxsize=5_000)
def _week(calendar: Calendar, number: int) -> tuple[Interval, ...]:
    begin = EPOCH + number * WINDOW
    return tuple(_business_time(calendar).intervals(begin, begin + WINDOW))


def opening_hours(calendar: Calendar | None, start: datetime) -> Iterator[Interval]:
    """Working intervals from ``start`` on, for ten years; no calendar is 24x7."""
    if calendar is None:
        yield start, datetime.max.replace(tzinfo=UTC)
        return
    first = (start - EPOCH) // WINDOW
    for number in range(first, first + 522):
        for opens, closes in _week(calendar, number):
            if closes > start:
                yield max(opens, start), closes


@dataclass(frozen=True)
class Target:
    """What is promised for a priority, in minutes; escalation percents of levels 1 to 3."""

    response: int | None = None
    resolution: int | None = None
    escalation: tuple[int | None, int | None, int | None] = (70, 90, 110)
    is_24x7: bool = False

    def minutes(self, metric: str) -> int | None:
        return self.response if metric == "response" else self.resolution


@dataclass(frozen=True)
class Policy:
    """Promises by priority, percents that notify, the schedule that they count in (None: the default one)."""

    targets: dict[str, Target]
    thresholds: frozenset[int] = frozenset()
    schedule: str | None = None


@dataclass(frozen=True)
class Status:
    is_closed: bool = False
    pauses: bool = False


@dataclass(frozen=True)
class Settings:
    pause_on_awaiting_client: bool = True
    close_completes_response: bool = True
    reopen_mode: str = "continue"
    import_after: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class Terms:
    """What one clock was promised: copied when it starts (semantics §2)."""

    policy: str
    priority: str
    schedule: str | None
    calendar: Calendar | None
    target: timedelta
    percents: tuple[int, ...]
    escalation: tuple[int | None, int | None, int | None]

    def level(self, percent: int) -> int | None:
        return self.escalation.index(percent) + 1 if percent in self.escalation else None

    def amount(self, percent: int) -> timedelta:
        return self.target * percent / 100


@dataclass
class Desk:
    """The whole configuration at one moment; ``None`` as the calendar of a schedule is 24x7."""

    policies: dict[str, Policy]
    statuses: dict[str, Status]
    schedules: dict[str, Calendar | None] = field(default_factory=dict)
    clients: dict[str, str | None] = field(default_factory=dict)
    boards: dict[str, str | None] = field(default_factory=dict)
    priorities: tuple[str, ...] = ()
    default_policy: str | None = None
    default_schedule: str | None = None
    settings: Settings = field(default_factory=Settings)

    def copy(self) -> "Desk":
        return replace(
            self,
            policies=dict(self.policies),
            statuses=dict(self.statuses),
            schedules=dict(self.schedules),
        )

    def is_closed(self, status: str | None) -> bool:
        return status is not None and self.statuses[status].is_closed

    def policy_of(self, explicit: str | None, client: str | None, board: str | None) -> str | None:
        """Policy resolution (semantics §4): the ticket's own, the client's, the board's, the default."""
        return (
            explicit
            or (self.clients[client] if client else None)
            or (self.boards[board] if board else None)
            or self.default_policy
        )

    def terms(self, policy: str | None, priority: str | None, metric: str) -> Terms | str:
        """The terms of a clock that starts now, or why there is none: no_policy, no_target."""
        if policy is None:
            return "no_policy"
        target = self.policies[policy].targets.get(priority or "")
        minutes = target.minutes(metric) if target else None
        if target is None or minutes is None:
            return "no_target"
        schedule = None
        if not target.is_24x7:
            schedule = self.policies[policy].schedule or self.default_schedule
        levels = {percent for percent in target.escalation if percent is not None}
        return Terms(
            policy=policy,
            priority=priority or "",
            schedule=schedule,
            calendar=self.schedules[schedule] if schedule else None,
            target=timedelta(minutes=minutes),
            percents=tuple(sorted(self.policies[policy].thresholds | levels | {100})),
            escalation=target.escalation,
        )
