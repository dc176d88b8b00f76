"""Compiled calendars are kept per connection; what is answered is what this snapshot sees."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg

from tests.calendar.schedules import Schedules, utc, weekly
from tests.oracle.business_time import Calendar, Holiday

OFFICE = Calendar(entries=weekly("09:00", "17:00"))
MORNING = utc("2024-01-10T08:00")
OPENING = timedelta(hours=1)
LATER = "update sla.schedule_entries set start_time = '10:00'"


def test_an_edit_committed_elsewhere_is_seen_at_once(
    schedules: Schedules, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    schedule_id = schedules.create(OFFICE)
    other = connect()
    assert schedules.next(schedule_id, MORNING) == MORNING + OPENING
    with schedules.db.transaction():
        assert schedules.next(schedule_id, MORNING) == MORNING + OPENING
        other.execute(LATER)
        assert schedules.next(schedule_id, MORNING) == MORNING + 2 * OPENING


def test_a_snapshot_that_does_not_see_the_edit_answers_as_before(
    schedules: Schedules, connect: Callable[..., psycopg.Connection[Any]]
) -> None:
    schedule_id = schedules.create(OFFICE)
    other = connect()
    other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with other.transaction():
        assert Schedules(other).next(schedule_id, MORNING) == MORNING + OPENING
        schedules.db.execute(LATER)
        assert schedules.next(schedule_id, MORNING) == MORNING + 2 * OPENING
        assert Schedules(other).next(schedule_id, MORNING) == MORNING + OPENING
    assert Schedules(other).next(schedule_id, MORNING) == MORNING + 2 * OPENING


def test_an_edit_rolled_back_leaves_nothing_behind(schedules: Schedules) -> None:
    schedule_id = schedules.create(OFFICE)
    with schedules.db.transaction(force_rollback=True):
        schedules.db.execute(LATER)
        schedules.db.execute("set constraints all immediate")
        assert schedules.next(schedule_id, MORNING) == MORNING + 2 * OPENING
    assert schedules.next(schedule_id, MORNING) == MORNING + OPENING
    with schedules.db.transaction():
        schedules.db.execute("insert into sla.holidays (name, holiday_date) values ('closed', '2024-01-10')")
    assert schedules.next(schedule_id, MORNING) == MORNING + timedelta(days=1) + OPENING


def test_a_schedule_answers_in_the_transaction_that_makes_it(schedules: Schedules) -> None:
    with schedules.db.transaction():
        schedule_id = schedules.create(OFFICE)
        assert schedules.next(schedule_id, MORNING) == MORNING + OPENING
        schedules.db.execute(LATER)
        assert schedules.next(schedule_id, MORNING) == MORNING + 2 * OPENING
    assert schedules.next(schedule_id, MORNING) == MORNING + 2 * OPENING


def test_an_edit_within_one_statement_is_seen(schedules: Schedules) -> None:
    """A procedure that edits, commits and asks."""
    schedule_id = schedules.create(OFFICE)
    schedules.db.execute("create temp table answers (at timestamptz)")
    ask = f"insert into answers select sla.next_business_time('{schedule_id}', '{MORNING}');"
    schedules.db.execute(f"do $$ begin {ask} {LATER}; commit; {ask} end $$")
    answers = [at for (at,) in schedules.db.execute("select at from answers order by at")]
    assert answers == [MORNING + OPENING, MORNING + 2 * OPENING]


def test_one_statement_may_ask_many_schedules(schedules: Schedules) -> None:
    """More than a connection keeps compiled, twice over, each with an answer of its own."""
    start, closed = utc("2024-01-01T00:00"), date(2024, 1, 12)
    calendars = [
        Calendar(entries=OFFICE.entries, holidays=(Holiday(closed + timedelta(days=n)),)) for n in range(40)
    ]
    ends = [start + timedelta(days=14 + n % 5) for n in range(40)]
    answers = schedules.db.execute(
        "select sla.business_time_between(schedule_id, %s, until)"
        " from unnest(%s::uuid[], %s::timestamptz[]) with ordinality as s (schedule_id, until, place),"
        " generate_series(1, 2) as again order by again, place",
        (start, [schedules.create(calendar) for calendar in calendars], ends),
    ).fetchall()
    expected = [calendar.between(start, end) for calendar, end in zip(calendars, ends, strict=True)]
    assert [hours for (hours,) in answers] == expected * 2


def test_far_instants_do_not_disturb_near_ones(schedules: Schedules) -> None:
    """More pages than a calendar keeps."""
    schedule_id = schedules.create(OFFICE)
    for _ in range(2):
        for year in range(1950, 2030):
            at = utc(f"{year}-06-01T08:30")
            assert schedules.next(schedule_id, at) == OFFICE.next(at)


def test_pages_meet_without_a_seam(schedules: Schedules) -> None:
    """A calendar is compiled 364 days at a time, in UTC; nights and far zones reach over the edges."""
    days = timedelta(days=3)
    for timezone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        hours = weekly("10:00", "12:00", range(7)) + weekly("14:00", "06:00", range(7))
        calendar = Calendar(timezone, hours)
        schedule_id = schedules.create(calendar)
        for page in range(50, 57):
            edge = utc("1970-01-01T00:00") + timedelta(days=364 * page)
            found = schedules.intervals(schedule_id, edge - days, edge + days)
            assert found == calendar.intervals(edge - days, edge + days)
            assert schedules.between(schedule_id, edge - days, edge + days) == 6 * timedelta(hours=18)


def test_parallel_plans_are_not_made(schedules: Schedules) -> None:
    """PL/Python reads calendars in a subtransaction, which parallel workers cannot begin."""
    schedule_id = schedules.create(OFFICE)
    with schedules.db.transaction():
        schedules.db.execute("set local force_parallel_mode = on")
        schedules.db.execute("set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0")
        assert schedules.next(schedule_id, MORNING) == MORNING + OPENING


def test_questions_inline(schedules: Schedules) -> None:
    """What keeps them within microseconds: the plan holds the functions inside, not the wrapper."""
    for question, inside in (
        ("add_business_time(schedule_id, now(), '1 hour')", "_business_offset"),
        ("business_time_between(schedule_id, now(), now())", "_business_elapsed"),
        ("is_business_time(schedule_id, now())", "_opening_offset"),
        ("next_business_time(schedule_id, now())", "_opening_offset"),
    ):
        plan = schedules.db.execute(f"explain (verbose) select sla.{question} from sla.schedules").fetchall()
        text = " ".join(line for (line,) in plan)
        assert f"sla.{inside}(" in text
        assert f"sla.{question.partition('(')[0]}(" not in text
