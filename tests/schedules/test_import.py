"""Importing again and again: each holiday is there once, under its newest name."""

from typing import Any

import psycopg
import pytest

from slapg.policies.rows import HolidayRow
from slapg.schedules.importing import import_holidays
from slapg.schedules.schedule import Schedule
from tests.engine.desk import Desk

YEARS = range(2026, 2028)


def day(date: str, name: str, start: str | None = None, end: str | None = None) -> HolidayRow:
    return HolidayRow(date, name, start, end)


FAIR = day("2026-05-05", "Fair")
EVE = day("2026-12-24", "Eve", "12:00", "24:00")
CHRISTMAS = day("12-25", "Christmas")
FIRST = [FAIR, EVE, CHRISTMAS]


def stored(db: psycopg.Connection[Any]) -> list[str]:
    """The holidays of the only schedule, as short texts."""
    return [
        " ".join(filter(None, row))
        for row in db.execute(
            "select to_char(holiday_date, case when is_recurring then 'MM-DD' else 'YYYY-MM-DD' end),"
            " start_time::text, name from sla.holidays order by 1, 2, 3"
        )
    ]


def taken(
    db: psycopg.Connection[Any], office: Schedule, wanted: list[HolidayRow], **options: Any
) -> list[str]:
    """Import, and what became of each holiday."""
    return [step.action for step in import_holidays(db, office, wanted, YEARS, **options)]


def test_importing_twice_changes_nothing(db: psycopg.Connection[Any], office: Schedule) -> None:
    assert taken(db, office, FIRST) == ["added"] * 3
    before = db.execute("select h::text from sla.holidays h order by 1").fetchall()
    assert stored(db) == ["12-25 Christmas", "2026-05-05 Fair", "2026-12-24 12:00:00 Eve"]
    calendar = db.execute("select calendar_id from sla.schedules").fetchone()
    assert taken(db, office, FIRST) == ["unchanged"] * 3
    assert db.execute("select h::text from sla.holidays h order by 1").fetchall() == before
    assert db.execute("select calendar_id from sla.schedules").fetchone() == calendar


def test_renamed_and_moved_within_the_day(db: psycopg.Connection[Any], office: Schedule) -> None:
    taken(db, office, FIRST)
    again = [
        day("2026-05-05", "Big fair"),
        day("2026-12-24", "Eve", "13:00", "24:00"),
        day("12-25", "Xmas"),
        day("2027-05-05", "Fair"),
    ]
    assert taken(db, office, again) == ["changed", "changed", "changed", "added"]
    assert stored(db) == ["12-25 Xmas", "2026-05-05 Big fair", "2026-12-24 13:00:00 Eve", "2027-05-05 Fair"]


def test_two_parts_of_a_day_stay_two(db: psycopg.Connection[Any], office: Schedule) -> None:
    parts = [day("2026-05-05", "Fair", "09:00", "10:00"), day("2026-05-05", "Fair", "16:00", "17:00")]
    assert taken(db, office, parts) == ["added"] * 2
    assert taken(db, office, parts[::-1]) == ["unchanged"] * 2


def test_what_a_yearly_holiday_closes_already_is_not_doubled(
    db: psycopg.Connection[Any], office: Schedule
) -> None:
    taken(db, office, [CHRISTMAS, day("12-24", "Eve", "12:00", "24:00")])
    wanted = [day("2026-12-25", "Christmas Day"), EVE, day("2026-12-24", "All day"), FAIR]
    assert taken(db, office, wanted) == ["covered", "covered", "added", "added"]


def test_the_rest_of_these_years_goes_when_pruned(db: psycopg.Connection[Any], office: Schedule) -> None:
    taken(
        db, office, [*FIRST, day("2025-05-05", "Past"), day("2028-05-05", "Later"), day("2027-05-05", "Fair")]
    )
    assert taken(db, office, [FAIR]) == ["unchanged"]
    assert len(stored(db)) == 6
    assert taken(db, office, [FAIR], prune=True) == ["unchanged", "removed", "removed"]
    assert stored(db) == ["12-25 Christmas", "2025-05-05 Past", "2026-05-05 Fair", "2028-05-05 Later"]


def test_a_dry_run_says_the_same_and_changes_nothing(db: psycopg.Connection[Any], office: Schedule) -> None:
    assert taken(db, office, FIRST, dry_run=True) == ["added"] * 3
    assert stored(db) == []


def test_other_schedules_are_left_alone(db: psycopg.Connection[Any], office: Schedule) -> None:
    db.execute("insert into sla.schedules (name) values ('Other')")
    db.execute(
        "insert into sla.holidays (schedule_id, name, holiday_date)"
        " select schedule_id, 'Fair', '2026-05-05' from sla.schedules where name = 'Other'"
    )
    db.execute("insert into sla.holidays (name, holiday_date) values ('Everybody''s', '2026-05-05')")
    assert taken(db, office, [FAIR], prune=True) == ["added"]
    assert taken(db, office, [], prune=True) == ["removed"]
    assert stored(db) == ["2026-05-05 Everybody's", "2026-05-05 Fair"]


def test_nothing_is_imported_when_the_database_refuses_one(
    db: psycopg.Connection[Any], office: Schedule
) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        taken(db, office, [FAIR, day("2026-05-06", "Back", "17:00", "09:00")])
    assert refusal.value.sqlstate == "SL006"
    assert stored(db) == []


def test_open_tickets_are_counted_anew(db: psycopg.Connection[Any]) -> None:
    desk = Desk(db)
    ticket = desk.enter(entered_at="Mon 09:00")  # eight hours to resolve, until 17:00
    row = db.execute("select schedule_id, timezone from sla.schedules").fetchone()
    assert row is not None
    schedule = Schedule(row[0], "Office", row[1], True, False, desk.at("Mon 08:00").date())
    import_holidays(db, schedule, [day("2026-02-02", "Fair")], YEARS)
    assert f"{desk.resolution(ticket).due_at:%d %H:%M}" == "03 16:00"
