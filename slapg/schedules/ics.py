"""Holidays from an iCalendar file or address (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar, Event

from slapg.errors import SlapgError
from slapg.policies.rows import HolidayRow

TIMEOUT_SECONDS = 30
LARGEST = 10_000_000
"""Bytes: a calendar of holidays has a few thousand."""
PLAIN_YEARLY = {"FREQ", "INTERVAL", "WKST", "BYMONTH", "BYMONTHDAY"}

Piece = tuple[date, str | None, str | None]
"""A local date, and the part of it; None twice for the whole day."""


def calendar_holidays(source: str, years: range, timezone: str) -> list[HolidayRow]:
    """The events of a calendar as holidays of a schedule in `timezone`.

    What comes back on the same day every year, and did before the first of `years`, becomes a yearly holiday;
    other repetitions are written out for those years. Whole days close the day, events with times that part
    of it. Cancelled events are left out. Raises `SlapgError`.
    """
    content = _fetch(source)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        if not calendars:
            raise ValueError("it is empty")
        zone = ZoneInfo(timezone)
        rows: list[HolidayRow] = []
        for calendar in calendars:
            yearly = {id(event): row for event, row in _yearly(calendar, years, zone)}
            rows += yearly.values()
            calendar.subcomponents = [part for part in calendar.subcomponents if id(part) not in yearly]
            rows += _expanded(calendar, years, zone)
    except (ValueError, KeyError, TypeError, recurring_ical_events.InvalidCalendar) as error:
        raise SlapgError(
            f"{source} cannot be read as an iCalendar file: {str(error).partition(chr(10))[0]}", exit_code=2
        ) from error
    return _merged(rows)


def _fetch(source: str) -> bytes:
    scheme = urlsplit(source).scheme.lower()
    if scheme not in ("http", "https", "webcal"):
        return Path(source).read_bytes()
    address = f"https{source[len(scheme) :]}" if scheme == "webcal" else source
    try:
        with urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 (http and https only)
            content: bytes = answer.read(LARGEST + 1)
    except (URLError, OSError, ValueError) as error:
        raise SlapgError(f"{source} cannot be fetched: {getattr(error, 'reason', error)}") from error
    if len(content) > LARGEST:
        raise SlapgError(f"{source} is no calendar of holidays: more than {LARGEST:,} bytes")
    return content


def _yearly(calendar: Any, years: range, zone: ZoneInfo) -> Iterator[tuple[Event, HolidayRow]]:
    """Events on one day, or a part of it, that come back every year on that month and day."""
    exceptions = {str(event.get("UID")) for event in calendar.events if "RECURRENCE-ID" in event}
    for event in calendar.events:
        if not _is_plain_yearly(event) or str(event.get("UID")) in exceptions or _is_cancelled(event):
            continue
        if event.start.year > years.start or not _is_local(event.start, zone):
            continue
        pieces = list(_pieces(event.start, event.end, zone))
        if len(pieces) == 1:
            day, start, end = pieces[0]
            yield event, HolidayRow(f"{day:%m-%d}", _name(event), start, end)


def _is_plain_yearly(event: Event) -> bool:
    rule = event.get("RRULE")
    if rule is None or isinstance(rule, list) or {"RDATE", "EXDATE", "RECURRENCE-ID"} & set(event):
        return False
    parts = {key.upper(): value for key, value in rule.items()}
    return (
        set(parts) <= PLAIN_YEARLY
        and parts["FREQ"] == ["YEARLY"]
        and parts.get("INTERVAL", [1]) == [1]
        and parts.get("BYMONTH", [event.start.month]) == [event.start.month]
        and parts.get("BYMONTHDAY", [event.start.day]) == [event.start.day]
        and ("BYMONTHDAY" not in parts or "BYMONTH" in parts)
    )


def _is_local(start: date | datetime, zone: ZoneInfo) -> bool:
    """Whether its wall-clock time is that of the schedule all the year round."""
    if not isinstance(start, datetime) or start.tzinfo is None:
        return True
    return getattr(start.tzinfo, "key", None) == zone.key


def _expanded(calendar: Any, years: range, zone: ZoneInfo) -> Iterator[HolidayRow]:
    first, until = date(years.start, 1, 1), date(years[-1], 12, 31) + timedelta(days=1)
    # A day more on both sides: an event of another time zone may lie on another date here.
    found = recurring_ical_events.of(calendar).between(first - timedelta(days=1), until + timedelta(days=1))
    for event in found:
        if _is_cancelled(event):
            continue
        for day, start, end in _pieces(event.start, event.end, zone):
            if first <= day < until:
                yield HolidayRow(day.isoformat(), _name(event), start, end)


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _name(event: Any) -> str:
    return " ".join(str(event.get("SUMMARY", "")).replace("\0", "").split()) or "closed"


def _pieces(start: date | datetime, end: date | datetime, zone: ZoneInfo) -> Iterator[Piece]:
    """The local dates that an event covers, and which part of each."""
    if not isinstance(start, datetime):
        last = end.date() if isinstance(end, datetime) else end
        for days in range(max((last - start).days, 1)):
            yield start + timedelta(days=days), None, None
        return
    assert isinstance(end, datetime)
    opens, closes = _local(start, zone), _local(end, zone)
    while opens < closes:
        midnight = datetime.combine(opens.date() + timedelta(days=1), time())
        until = min(midnight, closes)
        whole = opens.time() == time() and until == midnight
        words = "24:00" if until == midnight else _clock(until)
        yield (opens.date(), None, None) if whole else (opens.date(), _clock(opens), words)
        opens = until


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _merged(rows: Iterable[HolidayRow]) -> list[HolidayRow]:
    """Each part of a day once: two events on it share a row."""
    names: dict[Any, list[str]] = {}
    for row in rows:
        known = names.setdefault((row.date, row.start_time, row.end_time), [])
        if row.name not in known:
            known.append(row.name)
    return sorted(
        (HolidayRow(day, "; ".join(found), start, end) for (day, start, end), found in names.items()),
        key=lambda row: (row.date, row.start_time or "", row.end_time or ""),
    )
