"""Making a long ledger short: one line a day, a week or a month, so that it still adds up on one page."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from slapg.status.explain import LedgerLine
from slapg.status.words import PAUSE_REASONS, clock_time, day, duration, reasons

LONGEST = 24
"""Lines that fit on a screen."""

WORDS = {"counted": "counted", "late": "past due", "ahead": "to come"}


@dataclass(frozen=True)
class Entry:
    """A line as it is shown."""

    when: str
    what: str
    counted: timedelta | None
    """None for a pause."""
    total: timedelta | None


def summarise(ledger: list[LedgerLine], zone: ZoneInfo) -> list[Entry]:
    """Each interval by itself when they fit; else, between pauses, a line a day, a week or a month."""
    entries = [_entry(line, zone) for line in ledger]
    for key in (_day, _monday, _first_of_month):
        if len(entries) <= LONGEST:
            break
        entries = list(_grouped(ledger, zone, key))
    return entries


def _entry(line: LedgerLine, zone: ZoneInfo) -> Entry:
    if line.kind == "paused":
        return Entry(_span(line.starts_at, line.ends_at, zone), _pause(line), None, None)
    return Entry(_span(line.starts_at, line.ends_at, zone), WORDS[line.kind], line.duration, line.total)


def _pause(line: LedgerLine) -> str:
    lost = f" ({duration(line.duration)} not counted)" if line.duration else ""
    return f"paused: {reasons(line.reason, PAUSE_REASONS)}{lost}"


def _span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    first, last = day(starts_at, zone), day(ends_at, zone)
    start, end = clock_time(starts_at, zone), clock_time(ends_at, zone)
    if first == last:
        return f"{first} {start} - {end}"
    return f"{first} {start} - {last} {end}"


def _day(local: date) -> date:
    return local


def _monday(local: date) -> date:
    return local - timedelta(days=local.weekday())


def _first_of_month(local: date) -> date:
    return local.replace(day=1)


def _grouped(ledger: Iterable[LedgerLine], zone: ZoneInfo, key: Callable[[date], date]) -> Iterator[Entry]:
    """Counted lines in a row whose days share a key become one; pauses stay, for they explain the gaps."""

    def group(line: LedgerLine) -> tuple[str, date | datetime]:
        local = line.starts_at.astimezone(zone).date()
        return (line.kind, line.starts_at) if line.kind == "paused" else (line.kind, key(local))

    for (kind, _), found in groupby(ledger, key=group):
        lines = list(found)
        if kind == "paused" or len(lines) == 1:
            yield _entry(lines[0], zone)
            continue
        first, last = day(lines[0].starts_at, zone), day(lines[-1].starts_at, zone)
        yield Entry(
            first if first == last else f"{first} - {last}",
            f"{WORDS[kind]} in {len(lines)} intervals",
            sum((line.duration for line in lines), timedelta()),
            lines[-1].total,
        )
