"""What no schedule can mean is refused, with words that name it."""

from datetime import date
from typing import Any

import psycopg
import pytest

from tests.calendar.schedules import Schedules, entry, hours, utc, weekly
from tests.oracle.business_time import Calendar, Holiday

OFFICE = weekly("09:00", "17:00")


def refusal(schedules: Schedules, calendar: Calendar) -> psycopg.Error:
    """The error with which the tables refuse a schedule."""
    with pytest.raises(psycopg.Error) as caught:
        schedules.create(calendar)
    return caught.value


UNKNOWN_ZONES = (
    "",
    "Mars/Olympus",
    "CEST",
    "UTC+3",
    "europe/amsterdam",
    "posix/UTC",
    "right/UTC",
    "../UTC",
    "localtime",
    "Europe",
)


def test_an_unknown_time_zone(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar("Europe/Amsterdam", OFFICE))
    for timezone in UNKNOWN_ZONES:
        error = refusal(schedules, Calendar(timezone, OFFICE))
        assert error.sqlstate == "SL003"
        assert f'"{timezone}"' in str(error)
        with pytest.raises(psycopg.Error, match="unknown time zone"):
            schedules.db.execute(
                "update sla.schedules set timezone = %s where schedule_id = %s", (timezone, schedule_id)
            )


def test_every_zone_of_both_databases_is_accepted(schedules: Schedules) -> None:
    rows = schedules.db.execute(
        "select name from pg_timezone_names where name !~ '^(posix|right)/|^(localtime|posixrules|Factory)$'"
    ).fetchall()
    assert len(rows) > 300
    with schedules.db.transaction(force_rollback=True), schedules.db.cursor() as cursor:
        cursor.executemany("insert into sla.schedules (name, timezone) values ('zone', %s)", rows)


def test_equal_ends(schedules: Schedules) -> None:
    error = refusal(schedules, Calendar(entries=(entry(1, "09:00", "09:00"),)))
    assert error.sqlstate == "SL004"
    assert "Monday 09:00-09:00" in str(error)


OVERLAPPING = [
    (entry(1, "09:00", "17:00"), entry(1, "12:00", "13:00")),
    (entry(1, "09:00", "17:00"), entry(1, "09:00", "17:00")),
    (entry(1, "22:00", "06:00"), entry(2, "05:59", "07:00")),
    (entry(6, "22:00", "06:00"), entry(0, "00:00", "24:00")),
    (entry(0, "00:00", "24:00"), entry(6, "22:00", "00:01")),
    (
        entry(1, "09:00", "17:00", valid_to=date(2024, 1, 8)),
        entry(1, "16:00", "18:00", valid_from=date(2024, 1, 8)),
    ),
    (
        entry(0, "22:00", "02:00", valid_to=date(2024, 1, 7)),
        entry(1, "01:00", "02:00", valid_from=date(2024, 1, 8)),
    ),
]

APART = [
    (entry(1, "09:00", "12:00"), entry(1, "12:00", "17:00")),
    (entry(1, "22:00", "06:00"), entry(2, "06:00", "07:00")),
    (entry(6, "22:00", "00:00"), entry(0, "00:00", "24:00")),
    (entry(1, "09:00", "17:00"), entry(2, "09:00", "17:00")),
    # 2 January 2024 is a Tuesday: between the 2nd and the 7th no Monday is valid for both
    (
        entry(1, "09:00", "17:00", valid_to=date(2024, 1, 7)),
        entry(1, "09:00", "12:00", valid_from=date(2024, 1, 2)),
    ),
    (
        entry(0, "22:00", "02:00", valid_to=date(2024, 1, 7)),
        entry(1, "01:00", "02:00", valid_from=date(2024, 1, 9)),
    ),
]


def test_overlapping_entries(schedules: Schedules) -> None:
    for one, other in OVERLAPPING:
        for pair in ((one, other), (other, one)):
            error = refusal(schedules, Calendar(entries=pair))
            assert error.sqlstate == "SL005", pair
            for part in ('"Support"', *(f"{each.start.seconds // 3600:02}:" for each in pair)):
                assert part in str(error)


def test_entries_that_touch_or_never_meet(schedules: Schedules) -> None:
    for one, other in APART:
        schedules.create(Calendar(entries=(one, other)))
        schedules.create(Calendar(entries=(other, one)))


def test_rows_of_one_statement_see_each_other(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar())
    insert = "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time) values "
    with pytest.raises(psycopg.Error) as caught:
        schedules.db.execute(
            insert + "(%(id)s, 1, '09:00', '17:00'), (%(id)s, 1, '16:00', '18:00')", {"id": schedule_id}
        )
    assert caught.value.sqlstate == "SL005"
    schedules.db.execute(
        insert + "(%(id)s, 1, '09:00', '17:00'), (%(id)s, 1, '17:00', '18:00')", {"id": schedule_id}
    )
    schedules.db.execute(
        "update sla.schedule_entries"
        " set start_time = start_time + interval '1 hour', end_time = end_time + interval '1 hour'"
    )


def test_disabled_entries_and_those_of_other_schedules_do_not_overlap(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar(entries=OFFICE))
    schedules.create(Calendar(entries=OFFICE))
    schedules.db.execute(
        "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time, is_enabled)"
        " values (%s, 1, '10:00', '11:00', false)",
        (schedule_id,),
    )
    with pytest.raises(psycopg.Error) as caught:
        schedules.db.execute("update sla.schedule_entries set is_enabled = true")
    assert caught.value.sqlstate == "SL005"


def test_a_holiday_that_does_not_end_after_its_start(db: psycopg.Connection[Any]) -> None:
    for start, end in (("12:00", "12:00"), ("18:00", "06:00"), ("12:00", None), (None, "12:00")):
        with pytest.raises(psycopg.Error) as caught:
            db.execute(
                "insert into sla.holidays (name, holiday_date, start_time, end_time)"
                " values ('Eve', '2024-12-24', %s::time, %s::time)",
                (start, end),
            )
        assert caught.value.sqlstate == "SL006"
        assert '"Eve" of 2024-12-24' in str(caught.value)


def test_dates_that_calendars_do_not_have(db: psycopg.Connection[Any]) -> None:
    for day in ("infinity", "-infinity", "0044-03-15 BC", "10000-01-01"):
        with pytest.raises(psycopg.Error) as caught:
            db.execute("insert into sla.holidays (name, holiday_date) values ('Never', %s)", (day,))
        assert caught.value.sqlstate == "SL006"


def test_validity_without_limits_may_be_infinite_but_not_empty(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar())
    insert = (
        "insert into sla.schedule_entries"
        " (schedule_id, day_of_week, start_time, end_time, valid_from, valid_to)"
        " values (%s, 1, '09:00', '17:00', %s::date, %s::date)"
    )
    for limits in (("infinity", None), (None, "-infinity"), ("2024-02-01", "2024-01-01")):
        with pytest.raises(psycopg.Error) as caught:
            schedules.db.execute(insert, (schedule_id, *limits))
        assert caught.value.sqlstate == "SL006"
    schedules.db.execute(insert, (schedule_id, "-infinity", "infinity"))
    monday = (utc("2024-01-08T09:00"), utc("2024-01-08T17:00"))
    assert schedules.intervals(schedule_id, *monday) == [monday]


def test_a_half_day_until_midnight_is_a_holiday(schedules: Schedules) -> None:
    eve = Holiday(date(2024, 12, 24), True, hours("12:00"), hours("24:00"))
    schedules.create(Calendar(entries=OFFICE, holidays=(eve,)))
