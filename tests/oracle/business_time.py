"""Business time counted the slow way (semantics §1), to check the database against.

It shares neither code nor method with `sql/`: a local time becomes an instant by searching the UTC clock
for it, openings and closures are found day by day and swept as events, and sums walk a fortnight at a time.
Instants are aware datetimes, durations timedeltas; both exact to the microsecond.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

TEN_YEARS = timedelta(days=3653)
ONE_DAY = timedelta(days=1)
FORTNIGHT = timedelta(days=14)
REACH = timedelta(days=4)  # an entry's instants can lie so far from its date: offsets, nights, skipped dates
NOTHING = timedelta(0)
MIDNIGHT = timedelta(days=1)

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Entry:
    """Weekly opening: times are timedeltas after local midnight, so that 24:00 can be said."""

    day_of_week: int
    start: timedelta
    end: timedelta
    valid_from: date | None = None
    valid_to: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether an opening begins on that local date."""
        return (
            day.isoweekday() % 7 == self.day_of_week
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True)
class Holiday:
    """Closure of a local date or a part of it."""

    day: date
    is_recurring: bool = False
    start: timedelta = NOTHING
    end: timedelta = MIDNIGHT

    def counts_on(self, day: date) -> bool:
        """Whether that local date is closed, in part or whole."""
        if self.is_recurring:
            return (day.month, day.day) == (self.day.month, self.day.day)
        return day == self.day


@dataclass
class Calendar:
    """A schedule's zone, entries and holidays; 24x7 consults none of them."""

    timezone: str = "UTC"
    entries: tuple[Entry, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    is_24x7: bool = False
    _days: dict[date, tuple[list[Interval], list[Interval]]] = field(default_factory=dict, repr=False)

    @classmethod
    def from_definition(cls, definition: dict[str, Any] | None) -> "Calendar":
        """From `sla.calendars.definition`; None is 24x7."""
        if definition is None or definition["is_24x7"]:
            return cls(is_24x7=True)
        return cls(
            definition["timezone"],
            tuple(
                Entry(
                    row["day_of_week"],
                    clock(row["start_time"]),
                    clock(row["end_time"]),
                    day(row["valid_from"]),
                    day(row["valid_to"]),
                )
                for row in definition["entries"]
            ),
            tuple(
                Holiday(
                    date.fromisoformat(row["holiday_date"]),
                    row["is_recurring"],
                    NOTHING if row["start_time"] is None else clock(row["start_time"]),
                    MIDNIGHT if row["end_time"] is None else clock(row["end_time"]),
                )
                for row in definition["holidays"]
            ),
        )

    def intervals(self, start: datetime, end: datetime) -> list[Interval]:
        """Business time in [start, end): disjoint, ascending, touching ones joined."""
        if end <= start:
            return []
        if self.is_24x7:
            return [(start, end)]
        events: list[tuple[datetime, int, int]] = []
        for openings, closures in self._local_days(start, end):
            for opens, closes in openings:
                events += [(opens, 1, 0), (closes, -1, 0)]
            for opens, closes in closures:
                events += [(opens, 0, 1), (closes, 0, -1)]
        return [
            (max(opens, start), min(closes, end))
            for opens, closes in sweep(events)
            if opens < end and closes > start
        ]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Business time in [start, end), negative when end lies before start."""
        if end < start:
            return -self.between(end, start)
        return sum((closes - opens for opens, closes in self.intervals(start, end)), NOTHING)

    def add(self, start: datetime, amount: timedelta) -> datetime | None:
        """The earliest instant that lies the amount after start (negative: the latest that lies it before).

        None when ten years pass without business time.
        """
        if not amount:
            return start
        return self._forward(start, amount) if amount > NOTHING else self._backward(start, -amount)

    def next(self, at: datetime) -> datetime | None:
        """`at` when it is business time, else the next opening; None when there is none in ten years."""
        window = at
        while window - at <= TEN_YEARS:
            for opens, _ in self.intervals(window, window + FORTNIGHT):
                return opens if opens - at <= TEN_YEARS else None
            window += FORTNIGHT
        return None

    def _forward(self, start: datetime, amount: timedelta) -> datetime | None:
        window = last = start
        while window - last <= TEN_YEARS:
            for opens, closes in self.intervals(window, window + FORTNIGHT):
                if opens - last > TEN_YEARS:
                    return None
                if closes - opens >= amount:
                    return opens + amount
                amount -= closes - opens
                last = closes
            window += FORTNIGHT
        return None

    def _backward(self, start: datetime, amount: timedelta) -> datetime | None:
        window = last = start
        while last - window <= TEN_YEARS:
            for opens, closes in reversed(self.intervals(window - FORTNIGHT, window)):
                if last - closes > TEN_YEARS:
                    return None
                if closes - opens >= amount:
                    return closes - amount
                amount -= closes - opens
                last = opens
            window -= FORTNIGHT
        return None

    def _local_days(self, start: datetime, end: datetime) -> Iterator[tuple[list[Interval], list[Interval]]]:
        current, last = (start - REACH).date(), (end + REACH).date()
        while current <= last:
            if current not in self._days:
                self._days[current] = (
                    [
                        self._interval(current, entry.start, entry.end)
                        for entry in self.entries
                        if entry.counts_on(current)
                    ],
                    [
                        self._interval(current, holiday.start, holiday.end)
                        for holiday in self.holidays
                        if holiday.counts_on(current)
                    ],
                )
            yield self._days[current]
            current += ONE_DAY

    def _interval(self, day: date, start: timedelta, end: timedelta) -> Interval:
        """The instants of a local interval; equal ones when a change of offset turns it inside out."""
        midnight = datetime.combine(day, time())
        opens = self.instant(midnight + start)
        closes = self.instant(midnight + end + (ONE_DAY if end < start else NOTHING))
        return opens, max(opens, closes)

    def instant(self, local: datetime) -> datetime:
        """The first instant at which the zone's clocks show a local time.

        Where they never do, that of the offset in force before they jumped.
        """
        samples = self._offsets_around(local.date())
        wall = local.replace(tzinfo=UTC)  # the reading of the zone's clock, as if it were in UTC
        candidates = {wall - offset for _, offset in samples}
        shown = [moment for moment in candidates if moment + self._offset(moment) == wall]
        if shown:
            return min(shown)
        before = [offset for moment, offset in samples if moment + offset < wall]
        return wall - before[-1]

    def _offset(self, moment: datetime) -> timedelta:
        return offset_at(self.timezone, moment)

    def _offsets_around(self, day: date) -> list[tuple[datetime, timedelta]]:
        """The offset at each half hour of the UTC days around a local date."""
        return [sample for days in range(-2, 3) for sample in offsets_on(self.timezone, day + days * ONE_DAY)]


@lru_cache(maxsize=4096)
def offsets_on(timezone: str, day: date) -> list[tuple[datetime, timedelta]]:
    """The zone's offset at each half hour of a UTC day."""
    midnight = datetime.combine(day, time(), UTC)
    moments = [midnight + timedelta(minutes=30) * step for step in range(48)]
    return [(moment, offset_at(timezone, moment)) for moment in moments]


def offset_at(timezone: str, moment: datetime) -> timedelta:
    """How far the zone's clocks are ahead of UTC at an instant: never ambiguous."""
    offset = moment.astimezone(ZoneInfo(timezone)).utcoffset()
    assert offset is not None
    return offset


def sweep(events: list[tuple[datetime, int, int]]) -> Iterator[Interval]:
    """Turns changes of (openings, closures) at instants into the intervals that are open and not closed."""
    changes: dict[datetime, tuple[int, int]] = {}
    for at, opened, closed in events:
        before = changes.get(at, (0, 0))
        changes[at] = (before[0] + opened, before[1] + closed)
    opened = closed = 0
    since: datetime | None = None
    for at in sorted(changes):
        opened += changes[at][0]
        closed += changes[at][1]
        if opened and not closed:
            since = since or at
        elif since:
            yield since, at
            since = None


def clock(text: str) -> timedelta:
    """'08:30:00', '24:00:00' or '08:30:00.5' after midnight."""
    hours, minutes, seconds = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes), microseconds=round(float(seconds) * 1_000_000))


def day(text: str | None) -> date | None:
    """An ISO date, or None."""
    return None if text is None else date.fromisoformat(text)
