"""What a schedule looks like on each date, read from the database: it says when business time is."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg

from slapg.policies.fields import Span, time_from_sql
from slapg.schedules.schedule import Schedule

Connection = psycopg.Connection[Any]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayHoliday:
    """A holiday on a date; `hours` is the part of it, None the whole."""

    name: str
    hours: Span | None


@dataclass(frozen=True)
class Day:
    """A local date: when it is open, and its holidays."""

    date: date
    opens: tuple[Span, ...]
    holidays: tuple[DayHoliday, ...]


def days_of(connection: Connection, schedule: Schedule, first: date, until: date) -> list[Day]:
    """Each date in [first, until). Raises what `sla.working_intervals` raises."""
    opens = _opens(connection, schedule, first, until)
    holidays = _holidays(connection, schedule, first, until)
    dates = (first + DAY * number for number in range((until - first).days))
    return [Day(on, tuple(opens[on]), tuple(holidays[on])) for on in dates]


def _opens(connection: Connection, schedule: Schedule, first: date, until: date) -> dict[date, list[Span]]:
    found: dict[date, list[Span]] = defaultdict(list)
    for opens_at, closes_at in connection.execute(
        """
        select i.opens_at at time zone %(zone)s, i.closes_at at time zone %(zone)s
        from sla.working_intervals(
            %(schedule)s, %(first)s::timestamp at time zone %(zone)s,
            %(until)s::timestamp at time zone %(zone)s) i
        order by i.opens_at
        """,
        {"zone": schedule.timezone, "schedule": schedule.schedule_id, "first": first, "until": until},
    ):
        for on, span in _split(opens_at, closes_at):
            found[on].append(span)
    return found


def _split(opens: datetime, closes: datetime) -> Iterator[tuple[date, Span]]:
    """An interval that runs over midnight is told on each of its dates."""
    while opens < closes:
        midnight = datetime.combine(opens.date() + DAY, time())
        end = min(midnight, closes)
        yield opens.date(), (_clock(opens), "24:00" if end == midnight else _clock(end))
        opens = end


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _holidays(
    connection: Connection, schedule: Schedule, first: date, until: date
) -> dict[date, list[DayHoliday]]:
    found: dict[date, list[DayHoliday]] = defaultdict(list)
    for on, name, start, end in connection.execute(
        """
        select d.day::date, h.name, h.start_time::text, h.end_time::text
        from generate_series(%(first)s::timestamp, %(until)s::timestamp - interval '1 day', '1 day') d (day)
        join sla.holidays h on h.tenant_id = helpdesk.current_tenant()
            and (h.schedule_id = %(schedule)s or h.schedule_id is null)
            and case when h.is_recurring then to_char(h.holiday_date, 'MM-DD') = to_char(d.day, 'MM-DD')
                else h.holiday_date = d.day end
        order by d.day, h.start_time nulls first, h.name
        """,
        {"schedule": schedule.schedule_id, "first": first, "until": until},
    ):
        hours = (time_from_sql(start), time_from_sql(end)) if start is not None else None
        holiday = DayHoliday(name, hours)
        if holiday not in found[on]:
            found[on].append(holiday)
    return found


def monday_of(on: date) -> date:
    """The Monday of its week."""
    return on - timedelta(days=on.weekday())


def month_after(on: date, months: int) -> date:
    """The first day of a month that many after."""
    place = on.year * 12 + on.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
