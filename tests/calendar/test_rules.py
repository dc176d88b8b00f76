"""One example, worked by hand, for each rule of semantics §1."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.calendar.schedules import Schedules, entry, hours, utc, weekly
from tests.oracle.business_time import Calendar, Entry, Holiday

OFFICE = weekly("09:00", "17:00")
HOUR = timedelta(hours=1)
MONDAY = utc("2024-01-08T00:00")


def spans(*texts: str) -> list[tuple[datetime, datetime]]:
    """Intervals from texts like '2024-01-08T09:00/2024-01-08T17:00' (UTC)."""
    return [(utc(opens), utc(closes)) for opens, closes in (text.split("/") for text in texts)]


def open_hours(
    schedules: Schedules, calendar: Calendar, start: str, end: str
) -> list[tuple[datetime, datetime]]:
    """The working intervals of a new schedule, in UTC."""
    found = schedules.intervals(schedules.create(calendar), utc(start), utc(end))
    return [(opens.astimezone(UTC), closes.astimezone(UTC)) for opens, closes in found]


def test_entries_are_half_open_and_days_count_from_sunday(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar(entries=(entry(0, "09:00", "12:00"), entry(6, "10:00", "11:00"))))
    sunday, saturday = utc("2024-01-07T09:00"), utc("2024-01-13T10:00")
    assert schedules.is_open(schedule_id, sunday)
    assert not schedules.is_open(schedule_id, sunday - timedelta(microseconds=1))
    assert not schedules.is_open(schedule_id, utc("2024-01-07T12:00"))
    assert schedules.next(schedule_id, utc("2024-01-07T12:00")) == saturday
    assert schedules.next(schedule_id, sunday + HOUR) == sunday + HOUR


def test_a_lunch_break_does_not_count_and_touching_entries_are_one(schedules: Schedules) -> None:
    lunch = (entry(1, "09:00", "12:00"), entry(1, "13:00", "15:00"), entry(1, "15:00", "17:00"))
    assert open_hours(schedules, Calendar(entries=lunch), "2024-01-08", "2024-01-09") == spans(
        "2024-01-08T09:00/2024-01-08T12:00", "2024-01-08T13:00/2024-01-08T17:00"
    )


def test_24_00_reaches_midnight_and_joins_the_next_day(schedules: Schedules) -> None:
    days = (entry(1, "20:00", "24:00"), entry(2, "00:00", "24:00"), entry(3, "00:00", "02:00"))
    assert open_hours(schedules, Calendar(entries=days), "2024-01-07", "2024-01-13") == spans(
        "2024-01-08T20:00/2024-01-10T02:00"
    )


def test_an_overnight_entry_runs_into_the_next_day_and_week(schedules: Schedules) -> None:
    night = Calendar(entries=(entry(6, "22:00", "06:00"),))  # Saturday into Sunday
    assert open_hours(schedules, night, "2024-01-13", "2024-01-15") == spans(
        "2024-01-13T22:00/2024-01-14T06:00"
    )


def test_validity_is_about_the_date_on_which_an_entry_begins(schedules: Schedules) -> None:
    season = entry(5, "22:00", "06:00", valid_from=date(2024, 1, 12), valid_to=date(2024, 1, 19))
    assert open_hours(schedules, Calendar(entries=(season,)), "2024-01-01", "2024-02-01") == spans(
        "2024-01-12T22:00/2024-01-13T06:00", "2024-01-19T22:00/2024-01-20T06:00"
    )


def test_a_holiday_removes_only_what_lies_on_its_date(schedules: Schedules) -> None:
    nights = Calendar(entries=weekly("22:00", "06:00"), holidays=(Holiday(date(2024, 1, 9)),))
    assert open_hours(schedules, nights, "2024-01-08T12:00", "2024-01-10T12:00") == spans(
        "2024-01-08T22:00/2024-01-09T00:00",  # Monday's night, up to the holiday
        # Tuesday's evening lies on it, and so do the hours after Monday's midnight
        "2024-01-10T00:00/2024-01-10T06:00",  # the part of Tuesday's night that lies on Wednesday
    )


def test_a_half_day_closes_a_part(schedules: Schedules) -> None:
    eve = Holiday(date(2024, 12, 24), start=hours("12:00"), end=hours("24:00"))
    assert open_hours(
        schedules, Calendar(entries=OFFICE, holidays=(eve,)), "2024-12-24", "2024-12-26"
    ) == spans("2024-12-24T09:00/2024-12-24T12:00", "2024-12-25T09:00/2024-12-25T17:00")


def test_a_recurring_holiday_is_every_year_and_29_february_in_leap_years_only(schedules: Schedules) -> None:
    daily = weekly("09:00", "17:00", range(7))
    leap_day = Holiday(date(2020, 2, 29), is_recurring=True)
    schedule_id = schedules.create(Calendar(entries=daily, holidays=(leap_day,)))
    for year, closed in ((2019, 0), (2021, 0), (2023, 0), (2024, 1), (2028, 1), (2100, 0)):
        february = (utc(f"{year}-02-01T00:00"), utc(f"{year}-03-02T00:00"))
        days = (february[1] - february[0]).days - closed
        assert schedules.between(schedule_id, *february) == days * 8 * HOUR, year


def test_a_holiday_without_schedule_closes_all_of_the_tenant(schedules: Schedules) -> None:
    before, after = (schedules.create(Calendar(entries=OFFICE), name) for name in ("one", "two"))
    schedules.db.execute("insert into sla.holidays (name, holiday_date) values ('New Year', '2024-01-01')")
    for schedule_id in (before, after):
        assert schedules.next(schedule_id, utc("2024-01-01T10:00")) == utc("2024-01-02T09:00")


@pytest.mark.parametrize(
    ("timezone", "day", "length"),
    [
        ("Europe/Amsterdam", "2024-03-31", 23),
        ("Europe/Amsterdam", "2024-10-27", 25),
        ("Australia/Lord_Howe", "2024-10-06", 23.5),
        ("America/Santiago", "2024-09-08", 23),  # its midnight does not occur
        ("America/Santiago", "2024-04-06", 25),  # its last hour occurs twice
    ],
)
def test_a_24_hour_day_across_a_change_is_as_long_as_it_is(
    schedules: Schedules, timezone: str, day: str, length: float
) -> None:
    weekday = date.fromisoformat(day).isoweekday() % 7
    schedule_id = schedules.create(Calendar(timezone, (entry(weekday, "00:00", "24:00"),)))
    start, end = utc(f"{day}T00:00") - 40 * HOUR, utc(f"{day}T00:00") + 64 * HOUR
    assert schedules.between(schedule_id, start, end) == length * HOUR


def test_a_repeated_local_time_means_its_first_occurrence(schedules: Schedules) -> None:
    # New York, 3 November 2024: 01:00-02:00 occurs from 05:00Z (EDT) and again from 06:00Z (EST)
    calendar = Calendar("America/New_York", (entry(0, "01:30", "01:45"), entry(0, "03:00", "04:00")))
    assert open_hours(schedules, calendar, "2024-11-03", "2024-11-04") == spans(
        "2024-11-03T05:30/2024-11-03T05:45", "2024-11-03T08:00/2024-11-03T09:00"
    )


def test_a_local_time_that_does_not_occur_is_read_with_the_offset_before(schedules: Schedules) -> None:
    # New York, 10 March 2024: 02:00 EST is 03:00 EDT, at 07:00Z
    calendar = Calendar("America/New_York", (entry(0, "02:30", "05:00"),))
    assert open_hours(schedules, calendar, "2024-03-10", "2024-03-11") == spans(
        "2024-03-10T07:30/2024-03-10T09:00"
    )


def test_an_interval_turned_inside_out_is_empty_and_an_overlap_counts_once(schedules: Schedules) -> None:
    inside_out = Calendar("America/New_York", (entry(0, "02:45", "03:15"),))  # 07:45Z to 07:15Z
    assert open_hours(schedules, inside_out, "2024-03-10", "2024-03-11") == []
    overlap = Calendar("America/New_York", (entry(0, "01:00", "02:45"), entry(0, "03:15", "05:00")))
    assert open_hours(schedules, overlap, "2024-03-10", "2024-03-11") == spans(
        "2024-03-10T06:00/2024-03-10T09:00"
    )


def test_a_date_that_never_was(schedules: Schedules) -> None:
    # Apia went from Thursday 29 December 2011 (UTC-10) to Saturday 31 (UTC+14), at 10:00Z on the 30th
    days = Calendar("Pacific/Apia", weekly("00:00", "24:00", range(7)))
    assert open_hours(schedules, days, "2011-12-29T10:00", "2011-12-31T10:00") == spans(
        "2011-12-29T10:00/2011-12-31T10:00"
    )
    friday = Calendar("Pacific/Apia", (entry(5, "00:00", "24:00"),))
    assert open_hours(schedules, friday, "2011-12-25", "2012-01-04") == []


def test_used_up_at_closing_is_due_at_closing(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar(entries=OFFICE))
    friday = utc("2024-01-12T16:00")
    assert schedules.add(schedule_id, friday, HOUR) == utc("2024-01-12T17:00")
    assert schedules.add(schedule_id, friday, HOUR + timedelta(microseconds=1)) == utc(
        "2024-01-15T09:00:00.000001"
    )
    assert schedules.add(schedule_id, utc("2024-01-13T12:00"), timedelta(0)) == utc("2024-01-13T12:00")


def test_a_negative_amount_is_the_mirror_image(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar(entries=OFFICE))
    assert schedules.add(schedule_id, utc("2024-01-15T10:00"), -HOUR) == utc("2024-01-15T09:00")
    assert schedules.add(schedule_id, utc("2024-01-15T10:00"), -2 * HOUR) == utc("2024-01-12T16:00")
    assert schedules.between(schedule_id, utc("2024-01-15T10:00"), utc("2024-01-12T16:00")) == -2 * HOUR


def test_a_target_of_three_years_works(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar(entries=weekly("09:00", "17:00", range(7))))
    assert schedules.add(schedule_id, MONDAY, 8 * HOUR * 1096) == MONDAY + timedelta(days=1095, hours=17)


@pytest.mark.parametrize("calendar", [None, Calendar("Asia/Tokyo", is_24x7=True)], ids=["null", "24x7"])
def test_24x7_is_always_open(schedules: Schedules, calendar: Calendar | None) -> None:
    schedule_id = calendar and schedules.create(calendar)
    end = MONDAY + 100 * HOUR
    assert schedules.add(schedule_id, MONDAY, 100 * HOUR) == end
    assert schedules.add(schedule_id, MONDAY, -100 * HOUR) == MONDAY - 100 * HOUR
    assert schedules.between(schedule_id, MONDAY, end) == 100 * HOUR
    assert schedules.is_open(schedule_id, MONDAY)
    assert schedules.next(schedule_id, MONDAY) == MONDAY
    assert schedules.intervals(schedule_id, MONDAY, end) == [(MONDAY, end)]
    assert schedules.intervals(schedule_id, end, MONDAY) == []


def test_24x7_consults_neither_entries_nor_holidays(schedules: Schedules) -> None:
    closed = Calendar(entries=OFFICE, holidays=(Holiday(date(2024, 1, 8)),), is_24x7=True)
    assert schedules.is_open(schedules.create(closed), MONDAY)


def test_intervals_have_hours_only(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar(entries=weekly("00:00", "24:00", range(7))))
    query = "select sla.business_time_between(%s, %s, %s)::text"
    for schedule in (schedule_id, None):
        assert schedules.one(query, schedule, MONDAY, MONDAY + 100 * HOUR) == ("100:00:00",)


def test_disabled_entries_do_not_count(schedules: Schedules) -> None:
    schedule_id = schedules.create(Calendar(entries=OFFICE))
    schedules.db.execute("update sla.schedule_entries set is_enabled = false where day_of_week < 5")
    assert schedules.next(schedule_id, MONDAY) == utc("2024-01-12T09:00")


def test_the_oracle_reads_definitions_as_the_database_wrote_them(schedules: Schedules) -> None:
    calendar = Calendar(
        "Europe/Amsterdam",
        (Entry(1, hours("09:00"), hours("24:00"), date(2024, 1, 1), None),),
        (Holiday(date(2024, 12, 25), True), Holiday(date(2024, 5, 6), False, hours("12:00"), hours("18:30"))),
    )
    schedule_id = schedules.create(calendar)
    (definition,) = schedules.one(
        "select definition from sla.calendars where schedule_id = %s order by calendar_id desc", schedule_id
    )
    read = Calendar.from_definition(definition)
    assert (read.timezone, set(read.entries), set(read.holidays)) == (
        calendar.timezone,
        set(calendar.entries),
        set(calendar.holidays),
    )
