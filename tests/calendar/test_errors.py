"""What cannot be counted is refused by the public functions and null in the private ones."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.calendar.schedules import Schedules, entry, micros, utc, weekly
from tests.oracle.business_time import Calendar

OFFICE = Calendar("Europe/Amsterdam", weekly("09:00", "17:00"))
NOW = utc("2024-01-10T12:00")
HOUR = timedelta(hours=1)
CENTURIES = timedelta(days=300 * 366)

FIVE_QUESTIONS = (
    "select sla.add_business_time(%(id)s, %(at)s, interval '1 hour')",
    "select sla.business_time_between(%(id)s, %(at)s, %(at)s)",
    "select sla.is_business_time(%(id)s, %(at)s)",
    "select sla.next_business_time(%(id)s, %(at)s)",
    "select * from sla.working_intervals(%(id)s, %(at)s, %(at)s)",
)


def refused(db: psycopg.Connection[Any], query: str, **parameters: Any) -> psycopg.Error:
    """The error that a query raises; it has a hint."""
    with pytest.raises(psycopg.Error) as caught:
        db.execute(query, parameters)
    assert caught.value.diag.message_hint
    return caught.value


def test_an_unknown_schedule(db: psycopg.Connection[Any]) -> None:
    unknown = uuid4()
    for question in FIVE_QUESTIONS:
        error = refused(db, question, id=unknown, at=NOW)
        assert (error.sqlstate, error.diag.message_primary) == ("SL001", f"schedule {unknown} does not exist")


def test_a_schedule_of_another_tenant_is_unknown(schedules: Schedules) -> None:
    schedule_id = schedules.create(OFFICE)
    assert schedules.next(schedule_id, NOW) == NOW
    schedules.db.execute(
        "insert into helpdesk.tenants (tenant_id, name) values (%s, 'other')", (other := uuid4(),)
    )
    schedules.db.execute("select set_config('slapg.tenant_id', %s, false)", (str(other),))
    for question in FIVE_QUESTIONS:
        assert refused(schedules.db, question, id=schedule_id, at=NOW).sqlstate == "SL001"


def test_the_tenant_may_change_within_a_statement(schedules: Schedules) -> None:
    schedule_id = schedules.create(OFFICE)
    schedules.db.execute(
        "insert into helpdesk.tenants (tenant_id, name) values (%s, 'other')", (other := uuid4(),)
    )
    error = refused(
        schedules.db,
        f"""
        do $$ begin
            perform sla.next_business_time('{schedule_id}', now());
            perform set_config('slapg.tenant_id', '{other}', true);
            perform sla.next_business_time('{schedule_id}', now());
        end $$
        """,
    )
    assert error.sqlstate == "SL001"


def test_no_business_time_in_ten_years(schedules: Schedules) -> None:
    closed = schedules.create(Calendar(), "Never open")
    assert not schedules.is_open(closed, NOW)
    assert schedules.between(closed, NOW, NOW + CENTURIES / 4) == timedelta(0)
    assert schedules.intervals(closed, NOW, NOW + CENTURIES / 4) == []
    assert schedules.add(closed, NOW, timedelta(0)) == NOW
    for question in (FIVE_QUESTIONS[0], FIVE_QUESTIONS[3]):
        error = refused(schedules.db, question, id=closed, at=NOW)
        assert error.sqlstate == "SL002"
        assert '"Never open"' in str(error)


@pytest.mark.parametrize(("days", "found"), [(3652, True), (3653, True), (3654, False)])
def test_ten_years_are_counted_from_the_last_business_time(
    schedules: Schedules, days: int, found: bool
) -> None:
    again = (NOW + timedelta(days=days)).date()
    day = again.isoweekday() % 7
    schedule_id = schedules.create(Calendar(entries=(entry(day, "12:00", "13:00", valid_from=again),)))
    opening = NOW + timedelta(days=days)
    if found:
        assert schedules.next(schedule_id, NOW) == opening
        assert schedules.add(schedule_id, NOW, HOUR) == opening + HOUR
    else:
        for question in (FIVE_QUESTIONS[0], FIVE_QUESTIONS[3]):
            assert refused(schedules.db, question, id=schedule_id, at=NOW).sqlstate == "SL002"


def test_infinite_and_far_instants(schedules: Schedules) -> None:
    for schedule_id in (schedules.create(OFFICE), schedules.create(Calendar(is_24x7=True)), None):
        for at in ("infinity", "-infinity"):
            for question in FIVE_QUESTIONS:
                assert refused(schedules.db, question, id=schedule_id, at=at).sqlstate == "SL008"
    for at in ("0001-06-01", "4000-01-01 BC", "9999-06-01", "290000-01-01"):
        for question in FIVE_QUESTIONS:
            assert refused(schedules.db, question, id=schedules.create(OFFICE), at=at).sqlstate == "SL008"


def test_spans_longer_than_285_years(schedules: Schedules) -> None:
    for schedule_id in (schedules.create(OFFICE), None):
        for query in ("select sla.business_time_between", "select sla.working_intervals"):
            error = refused(
                schedules.db, query + "(%(id)s, %(at)s, %(end)s)", id=schedule_id, at=NOW, end=NOW + CENTURIES
            )
            assert error.sqlstate == "SL008"
    with pytest.raises(psycopg.Error) as caught:
        schedules.add(schedules.create(OFFICE), NOW, CENTURIES)
    assert caught.value.sqlstate == "SL002"


def test_amounts_of_days_and_months(schedules: Schedules) -> None:
    for schedule_id in (schedules.create(OFFICE), None):
        for amount in ("1 day", "1 month", "1 year", "1 day -24 hours", "-1 mons", "1.5 days"):
            error = refused(
                schedules.db,
                "select sla.add_business_time(%(id)s, %(at)s, %(amount)s)",
                id=schedule_id,
                at=NOW,
                amount=amount,
            )
            assert error.sqlstate == "SL009"


def test_null_in_null_out(schedules: Schedules) -> None:
    for schedule_id in (schedules.create(OFFICE), None, uuid4()):
        assert schedules.one("select sla.add_business_time(%s, null, '1 hour')", schedule_id) == (None,)
        assert schedules.one("select sla.add_business_time(%s, now(), null)", schedule_id) == (None,)
        assert schedules.one("select sla.business_time_between(%s, now(), null)", schedule_id) == (None,)
        assert schedules.one("select sla.is_business_time(%s, null)", schedule_id)[0] in (None, True)
        assert schedules.one("select sla.next_business_time(%s, null)", schedule_id) == (None,)
        assert schedules.intervals(schedule_id, None, None) == []  # type: ignore[arg-type]


def test_a_calendar_that_cannot_be_read(schedules: Schedules) -> None:
    """Time zones can vanish: an upgrade of the tz database, a restore on another machine."""
    schedule_id = schedules.create(OFFICE)
    number = break_calendar(schedules, schedule_id)
    for question in FIVE_QUESTIONS:
        error = refused(schedules.db, question, id=schedule_id, at=NOW)
        assert error.sqlstate == "SL003"
        assert '"Support"' in str(error)
    assert private_answers(schedules, number) == (None, None, [None, None], None)
    assert "Mars/Olympus" in schedules.one("select sla._calendar_problem(%s)", number)[0]


def break_calendar(schedules: Schedules, schedule_id: UUID) -> int:
    """Give a schedule a calendar version with a time zone that does not exist."""
    (number,) = schedules.one(
        """
        insert into sla.calendars (schedule_id, definition, created_at)
        select schedule_id, jsonb_set(definition, '{timezone}', '"Mars/Olympus"'), now()
        from sla.calendars where schedule_id = %s order by calendar_id desc limit 1 returning calendar_id
        """,
        schedule_id,
    )
    schedules.db.execute(
        "update sla.schedules set calendar_id = %s where schedule_id = %s", (number, schedule_id)
    )
    return int(number)


def private_answers(schedules: Schedules, number: int | None, start: int | None = None) -> tuple[Any, ...]:
    """What the functions say that ticket triggers call: offsets, instants over runs, elapsed over runs."""
    at = micros(NOW) if start is None else start
    return schedules.one(
        """
        select (select min(opens) from sla._working_intervals(%(id)s, %(at)s, %(at)s + 3600000000)),
            sla._business_offsets(%(id)s, %(at)s, array[3600000000]),
            sla._business_instants_over(
                %(id)s, array[%(at)s]::bigint[], array[null]::bigint[], array[3600000000, -1]),
            sla._business_elapsed_over(%(id)s, array[%(at)s]::bigint[], array[%(at)s + 3600000000]::bigint[])
        """.replace("%(id)s", "null::bigint" if number is None else str(number)).replace(
            "%(at)s", f"{at}::bigint"
        )
    )


def test_private_functions_never_fail(schedules: Schedules) -> None:
    closed = schedules.calendar_id(schedules.create(Calendar()))
    assert private_answers(schedules, closed) == (None, None, [None, None], 0)
    assert "no business time" in schedules.one("select sla._calendar_problem(%s)", closed)[0]
    unknown = 2**62
    assert private_answers(schedules, unknown) == (None, None, [None, None], None)
    assert schedules.one("select sla._calendar_problem(%s)", unknown) == (
        f"calendar {unknown} does not exist",
    )
    office = schedules.calendar_id(schedules.create(OFFICE))
    assert schedules.one("select sla._calendar_problem(%s)", office) == (None,)
    for number in (office, None):
        assert private_answers(schedules, number, 2**63 - 3600000001)[1] is None
        at = micros(NOW)
        assert private_answers(schedules, number) == (
            at,
            [3600000000],
            [at + 3600000000, None],
            3600000000,
        )
    empty = (
        "select sla._business_instants_over(%s, '{}', '{}', '{0,1}'),"
        " sla._business_elapsed_over(%s, '{}', '{}')"
    )
    assert schedules.one(empty, office, office) == ([None, None], 0)
    nulls = (
        "select sla._business_offsets(%s, null, '{1}'), sla._business_offsets(%s, 1, null),"
        " sla._business_offsets(%s, 1, '{1,null}')"
    )
    assert schedules.one(nulls, office, office, office) == (None, None, None)


def test_offsets_are_what_adding_gives(schedules: Schedules) -> None:
    """One start, many amounts: the shortcut of the ticket triggers and the public function say the same."""
    schedule_id = schedules.create(OFFICE)
    number = schedules.calendar_id(schedule_id)
    amounts = [0, 1, 3_600_000_000, 8 * 3_600_000_000, 2_000 * 3_600_000_000, 9_000 * 3_600_000_000]
    for days in (0, 1, 2, 3, 117, 364):
        start = NOW + timedelta(days=days, microseconds=7)
        added = [
            schedules.one("select sla.add_business_time(%s, %s, sla._duration(%s))", schedule_id, start, us)[
                0
            ]
            for us in amounts
        ]
        offsets = schedules.one(
            "select sla._business_offsets(%s, sla._to_us(%s), %s)", number, start, amounts
        )[0]
        assert [start + timedelta(microseconds=us) for us in offsets] == added


def test_conversions_are_exact(db: psycopg.Connection[Any]) -> None:
    for text in (
        "1969-12-31 23:59:59.999999+00",
        "2255-06-05 23:47:34.740993+00",
        "9000-01-01 00:00:00.000001+00",
    ):
        row = db.execute("select sla._from_us(sla._to_us(%(at)s)) = %(at)s", {"at": text}).fetchone()
        assert row == (True,)
    row = db.execute("select sla._to_us('2024-01-10 12:00:00.000001+00')").fetchone()
    assert row == (micros(datetime(2024, 1, 10, 12, 0, 0, 1, tzinfo=UTC)),)
    for text in ("infinity", "-infinity"):
        assert db.execute("select sla._from_us(sla._to_us(%s))::text", (text,)).fetchone() == (text,)
    assert db.execute("select sla._to_us(null), sla._from_us(null)").fetchone() == (None, None)


@pytest.mark.parametrize("role", ["slapg_reader", "slapg_admin"])
def test_who_may_ask(
    schedules: Schedules, connect: Callable[..., psycopg.Connection[Any]], role: str
) -> None:
    schedule_id = schedules.create(OFFICE)
    member = f"{role}_{uuid4().hex[:8]}"
    schedules.db.execute(f"create role {member} login in role {role}")
    try:
        with connect(user=member) as db:
            # what views ask, on a connection that has loaded nothing
            elapsed = "select sla._business_elapsed_over(calendar_id, '{0}', '{0}') from sla.schedules"
            assert db.execute(elapsed).fetchall() == [(0,)]
        with connect(user=member) as db:
            asked = Schedules(db)
            assert asked.add(schedule_id, NOW, HOUR) == NOW + HOUR
            assert asked.between(schedule_id, NOW, NOW + HOUR) == HOUR
            assert asked.is_open(schedule_id, NOW)
            assert asked.next(schedule_id, NOW) == NOW
            assert asked.intervals(schedule_id, NOW, NOW + HOUR) == [(NOW, NOW + HOUR)]
            assert refused(db, FIVE_QUESTIONS[0], id=uuid4(), at=NOW).sqlstate == "SL001"
    finally:
        schedules.db.execute(f"drop role {member}")
