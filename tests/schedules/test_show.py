"""A schedule as it is drawn: 80 columns, and legible without colours."""

from datetime import date
from io import StringIO
from typing import Any

import psycopg
import pytest
from rich.console import Console

from slapg.errors import SlapgError
from slapg.schedules.drawing import bar, draw, state
from slapg.schedules.overview import overview
from slapg.schedules.schedule import Schedule, find_schedule
from slapg.schedules.view import Day, DayHoliday, days_of, month_after
from slapg.schedules.years import parse_years

HOLIDAYS = """
    insert into sla.holidays (schedule_id, name, holiday_date, is_recurring, start_time, end_time)
    select schedule_id, h.* from sla.schedules, (values
        ('Eve', '2000-12-24'::date, true, '12:00'::time, '24:00'::time),
        ('Christmas', '2000-12-25', true, null, null)) as h;
    insert into sla.holidays (name, holiday_date) values ('Strike', '2026-12-28');
"""
PAGE = """\
Office  times of Europe/Berlin, the default schedule

            0     6     12    18
Mon 21 Dec  ·········███▌████·······  09:00-12:30, 13:00-17:00
Tue 22 Dec  ·········███▌████·······  09:00-12:30, 13:00-17:00
Wed 23 Dec  ·········███▌████·······  09:00-12:30, 13:00-17:00
Thu 24 Dec  ·········███············  09:00-12:00  Eve (12:00-24:00)
Fri 25 Dec  ························  closed  Christmas
Sat 26 Dec  ························  closed
Sun 27 Dec  ························  closed

   December 2026            January 2027
Mo Tu We Th Fr Sa Su    Mo Tu We Th Fr Sa Su
    1  2  3  4  5. 6.                1  2. 3.
 7  8  9 10 11 12.13.    4  5  6  7  8  9.10.
14 15 16 17 18 19.20.   11 12 13 14 15 16.17.
21 22 23 24~25*26.27.   18 19 20 21 22 23.24.
28*29 30 31             25 26 27 28 29 30.31.

9 open   9. closed   9* holiday   9~ holiday in part

holidays
Thu 24 Dec 2026  Eve (12:00-24:00)
Fri 25 Dec 2026  Christmas
Mon 28 Dec 2026  Strike
"""


def page(renderable: Any, width: int = 80) -> str:
    """As it stands in a terminal without colours, blanks at the ends of lines cut."""
    text = StringIO()
    Console(file=text, width=width, color_system=None).print(renderable)
    return (
        "\n".join(line.rstrip() for line in text.getvalue().splitlines() if line.strip() or not line) + "\n"
    )


def drawn(db: psycopg.Connection[Any], schedule: Schedule, monday: date, months: int) -> str:
    """The week from that Monday on, and the months from its own on."""
    week = days_of(db, schedule, monday, date.fromordinal(monday.toordinal() + 7))
    pages = [
        days_of(db, schedule, month_after(monday, number), month_after(monday, number + 1))
        for number in range(months)
    ]
    return page(draw(schedule, week, pages))


def test_the_week_and_the_months(db: psycopg.Connection[Any], office: Schedule) -> None:
    db.execute(HOLIDAYS)
    found = drawn(db, office, date(2026, 12, 21), 2)
    assert "\n".join(line for line in found.splitlines() if line) == "\n".join(
        line for line in PAGE.splitlines() if line
    )


def test_it_fits_into_80_columns(db: psycopg.Connection[Any], office: Schedule) -> None:
    db.execute(
        "insert into sla.holidays (name, holiday_date) values (%s, '2026-12-21')", ["A very long name " * 10]
    )
    assert max(map(len, drawn(db, office, date(2026, 12, 21), 12).splitlines())) <= 80


def test_what_is_drawn_is_what_the_database_counts(db: psycopg.Connection[Any], office: Schedule) -> None:
    """An overnight entry over a holiday and the end of summer time, told on each of its dates."""
    with db.transaction():
        db.execute("delete from sla.schedule_entries")
        db.execute(
            "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)"
            " select schedule_id, d, '22:00', '06:00' from sla.schedules, generate_series(5, 6) d"
        )
        db.execute("insert into sla.holidays (name, holiday_date) values ('Fair', '2026-10-24')")
    days = days_of(db, office, date(2026, 10, 23), date(2026, 10, 26))
    assert [(day.date.day, day.opens) for day in days] == [
        (23, (("22:00", "24:00"),)),
        (24, ()),
        (25, (("00:00", "06:00"),)),
    ]


def test_24x7(db: psycopg.Connection[Any], office: Schedule) -> None:
    db.execute(HOLIDAYS)
    db.execute("update sla.schedules set is_24x7 = true")
    found = drawn(db, find_schedule(db, "Office"), date(2026, 12, 21), 1)
    assert "24x7 whatever the holidays\n" in found
    assert "Fri 25 Dec  ████████████████████████  00:00-24:00  Christmas\n" in found
    assert "21 22 23 24 25 26 27\n" in found


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        ([], "························"),
        ([("00:00", "24:00")], "████████████████████████"),
        ([("09:30", "17:00")], "·········▐███████·······"),
        ([("09:00", "09:10"), ("09:40", "10:00")], "·········▐··············"),
        ([("23:45", "24:00")], "·······················▐"),
    ],
)
def test_bars(opens: list[tuple[str, str]], expected: str) -> None:
    assert bar(Day(date(2026, 1, 1), tuple(opens), ())) == expected


def test_a_holiday_in_part_beside_a_whole_one() -> None:
    whole, part = DayHoliday("A", None), DayHoliday("B", ("12:00", "24:00"))
    assert state(Day(date(2026, 1, 1), (), (whole, part)), is_24x7=False) == "holiday"
    assert state(Day(date(2026, 1, 1), (), (part,)), is_24x7=False) == "part"


def test_all_schedules_at_a_glance(db: psycopg.Connection[Any], office: Schedule) -> None:
    db.execute(HOLIDAYS)
    db.execute("insert into sla.policies (name, schedule_id) select 'Gold', schedule_id from sla.schedules")
    db.execute("insert into sla.schedules (name, is_24x7) values ('Always', true)")
    db.execute(
        "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time, valid_from)"
        " select schedule_id, 6, '10:00', '14:00', '2026-06-01' from sla.schedules where name = 'Office'"
    )
    assert [(line.name, line.hours, line.holidays, line.policies) for line in overview(db)] == [
        ("Always", ["24x7"], 1, []),
        (
            "Office",
            ["mon-fri 09:00-12:30, 13:00-17:00", "sat 10:00-14:00 from 2026-06-01"],
            3,
            ["Gold"],
        ),
    ]


def test_a_name_that_is_nearly_right(db: psycopg.Connection[Any], office: Schedule) -> None:
    with pytest.raises(SlapgError) as refusal:
        find_schedule(db, "Ofice")
    assert (refusal.value.message, refusal.value.hint) == (
        'no schedule is named "Ofice"',
        'is "Office" meant?',
    )


def test_today_is_that_of_the_schedule(db: psycopg.Connection[Any], office: Schedule) -> None:
    db.execute("set slapg.now = '2026-12-31 23:30:00+00'")
    assert find_schedule(db, "Office").today == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "years"),
    [("2026", range(2026, 2027)), ("2026-2028", range(2026, 2029)), (None, range(2026, 2029))],
)
def test_years(text: str | None, years: range) -> None:
    assert parse_years(text, date(2026, 12, 9)) == years


@pytest.mark.parametrize("text", ["", "26", "2028-2026", "2026-2099", "0000", "2026-"])
def test_years_that_are_none(text: str) -> None:
    with pytest.raises(SlapgError) as refusal:
        parse_years(text, date(2026, 12, 9))
    assert refusal.value.exit_code == 2
