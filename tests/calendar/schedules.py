"""Schedules as tables, from the same description that the oracle reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from tests.oracle.business_time import Calendar, Entry, Holiday

WEEKDAYS = (1, 2, 3, 4, 5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def entry(day_of_week: int, start: str, end: str, **validity: Any) -> Entry:
    """An entry from texts such as '08:30' and '24:00'."""
    return Entry(day_of_week, hours(start), hours(end), **validity)


def weekly(start: str, end: str, days: Sequence[int] = WEEKDAYS) -> tuple[Entry, ...]:
    """The same hours on several days of the week."""
    return tuple(entry(day, start, end) for day in days)


def hours(text: str) -> timedelta:
    """'08:30' after midnight."""
    hour, minute = text.split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def utc(text: str) -> datetime:
    """An instant from ISO text; without an offset it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def micros(moment: datetime | None) -> int | None:
    """As the private functions count: microseconds since 1970 UTC."""
    return None if moment is None else (moment - EPOCH) // timedelta(microseconds=1)


def instant(microseconds: int | None) -> datetime | None:
    """Back from microseconds since 1970 UTC."""
    return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)


@dataclass
class Schedules:
    """Makes schedules and asks the public functions."""

    db: psycopg.Connection[Any]

    def create(self, calendar: Calendar, name: str = "Support") -> UUID:
        """The schedule's id, its calendar published (unless a transaction is open)."""
        with self.db.transaction():
            (schedule_id,) = self.one(
                "insert into sla.schedules (name, timezone, is_24x7) values (%s, %s, %s)"
                " returning schedule_id",
                name,
                calendar.timezone,
                calendar.is_24x7,
            )
            with self.db.cursor() as cursor:
                cursor.executemany(
                    "insert into sla.schedule_entries"
                    " (schedule_id, day_of_week, start_time, end_time, valid_from, valid_to)"
                    " values (%s, %s, %s::text::time, %s::text::time, %s, %s)",
                    [
                        (schedule_id, e.day_of_week, _clock(e.start), _clock(e.end), e.valid_from, e.valid_to)
                        for e in calendar.entries
                    ],
                )
                cursor.executemany(
                    "insert into sla.holidays"
                    " (schedule_id, name, holiday_date, is_recurring, start_time, end_time)"
                    " values (%s, 'closed', %s, %s, %s::text::time, %s::text::time)",
                    [
                        (schedule_id, h.day, h.is_recurring, *(_part_of_day(h) or (None, None)))
                        for h in calendar.holidays
                    ],
                )
        assert isinstance(schedule_id, UUID)
        return schedule_id

    def calendar_id(self, schedule_id: UUID) -> int:
        """The number of the schedule's newest calendar."""
        (number,) = self.one("select calendar_id from sla.schedules where schedule_id = %s", schedule_id)
        assert isinstance(number, int)
        return number

    def add(self, schedule_id: UUID | None, start: datetime, amount: timedelta) -> Any:
        """`sla.add_business_time`; the amount goes as hours, minutes and seconds."""
        return self.one(
            "select sla.add_business_time(%s, %s, %s::bigint * interval '1 microsecond')",
            schedule_id,
            start,
            amount // timedelta(microseconds=1),
        )[0]

    def between(self, schedule_id: UUID | None, start: datetime, end: datetime) -> Any:
        """`sla.business_time_between`."""
        return self.one("select sla.business_time_between(%s, %s, %s)", schedule_id, start, end)[0]

    def is_open(self, schedule_id: UUID | None, at: datetime) -> Any:
        """`sla.is_business_time`."""
        return self.one("select sla.is_business_time(%s, %s)", schedule_id, at)[0]

    def next(self, schedule_id: UUID | None, at: datetime) -> Any:
        """`sla.next_business_time`."""
        return self.one("select sla.next_business_time(%s, %s)", schedule_id, at)[0]

    def intervals(self, schedule_id: UUID | None, start: datetime, end: datetime) -> list[Any]:
        """`sla.working_intervals`."""
        rows = self.db.execute("select * from sla.working_intervals(%s, %s, %s)", (schedule_id, start, end))
        return rows.fetchall()

    def one(self, query: Any, *parameters: Any) -> tuple[Any, ...]:
        """The only row of a query."""
        row = self.db.execute(query, parameters).fetchone()
        assert row is not None
        return tuple(row)


def _clock(after_midnight: timedelta) -> str:
    minutes, seconds = divmod(after_midnight, timedelta(minutes=1))
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds / timedelta(seconds=1):09.6f}"


def _part_of_day(holiday: Holiday) -> tuple[str, str] | None:
    whole = holiday.start == timedelta(0) and holiday.end == timedelta(days=1)
    return None if whole else (_clock(holiday.start), _clock(holiday.end))
