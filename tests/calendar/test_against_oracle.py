"""Random calendars and instants: the database counts what the oracle counts, and agrees with itself."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calendar.schedules import Schedules, instant, micros
from tests.calendar.strategies import amounts, calendars, instants
from tests.oracle.business_time import Calendar

pytestmark = pytest.mark.timeout(600)  # a failure takes minutes to be made small

TICK = timedelta(microseconds=1)
ZERO = timedelta(0)
EXAMPLES = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def add(schedules: Schedules, schedule_id: UUID, start: datetime, amount: timedelta) -> datetime | None:
    """None where the database refuses for want of business time."""
    try:
        moment = schedules.add(schedule_id, start, amount)
    except psycopg.Error as error:
        assert error.sqlstate == "SL002", error  # noqa: PT017 (any other error fails the test)
        return None
    assert isinstance(moment, datetime)
    return moment


@given(data=st.data(), calendar_around=calendars())
@EXAMPLES
def test_public_functions_answer_as_the_oracle(
    data: st.DataObject, calendar_around: tuple[Calendar, date], schedules: Schedules
) -> None:
    calendar, around = calendar_around
    schedule_id = schedules.create(calendar)
    for _ in range(3):
        start, end = data.draw(instants(around)), data.draw(instants(around))
        amount = data.draw(amounts)
        assert add(schedules, schedule_id, start, amount) == calendar.add(start, amount)
        assert schedules.between(schedule_id, start, end) == calendar.between(start, end)
        assert schedules.intervals(schedule_id, start, end) == calendar.intervals(start, end)
        opening = calendar.next(start)
        assert schedules.is_open(schedule_id, start) == (opening == start)
        if opening is not None:
            assert schedules.next(schedule_id, start) == opening


@given(data=st.data(), calendar_around=calendars())
@EXAMPLES
def test_sums_and_instants_agree_with_each_other(
    data: st.DataObject, calendar_around: tuple[Calendar, date], schedules: Schedules
) -> None:
    calendar, around = calendar_around
    schedule_id = schedules.create(calendar)
    a, b, c = (data.draw(instants(around)) for _ in range(3))
    between = schedules.between
    assert between(schedule_id, a, b) == -between(schedule_id, b, a)
    assert between(schedule_id, a, b) + between(schedule_id, b, c) == between(schedule_id, a, c)
    amount = data.draw(amounts)
    moment = add(schedules, schedule_id, a, amount)
    if moment is not None:
        assert between(schedule_id, a, moment) == amount
        if amount > ZERO:  # the earliest such instant
            assert between(schedule_id, a, moment - TICK) == amount - TICK
        if amount < ZERO:  # the latest
            assert between(schedule_id, a, moment + TICK) == amount + TICK


@given(data=st.data(), calendar_around=calendars())
@EXAMPLES
def test_runs_count_only_what_lies_inside_them(
    data: st.DataObject, calendar_around: tuple[Calendar, date], schedules: Schedules
) -> None:
    calendar, around = calendar_around
    number = schedules.calendar_id(schedules.create(calendar))
    ends = sorted(data.draw(st.lists(instants(around), min_size=2, max_size=8, unique=True)))
    runs = list(zip(ends[::2], ends[1::2], strict=False))
    wanted = sorted(data.draw(st.lists(amounts.filter(lambda amount: amount >= ZERO), max_size=4)))
    arguments: list[Any] = [[micros(at) for at in side] for side in zip(*runs, strict=True)]

    (elapsed,) = schedules.one(
        "select sla._business_elapsed_over(%s, %s::bigint[], %s::bigint[])", number, *arguments
    )
    assert elapsed * TICK == sum((calendar.between(start, end) for start, end in runs), ZERO)

    query = "select sla._business_instants_over(%s, %s::bigint[], %s::bigint[], %s::bigint[])"
    counted = [amount // TICK for amount in wanted]
    (found,) = schedules.one(query, number, *arguments, counted)
    assert [instant(at) for at in found] == [reached(calendar, runs, amount) for amount in wanted]

    arguments[1][-1] = None  # the last run goes on
    (found,) = schedules.one(query, number, *arguments, counted)
    assert [instant(at) for at in found] == [reached_endless(calendar, runs, amount) for amount in wanted]


def reached(calendar: Calendar, runs: list[tuple[datetime, datetime]], amount: timedelta) -> datetime | None:
    """When the business time inside the runs amounts to that."""
    if not amount:
        return runs[0][0]
    for start, end in runs:
        for opens, closes in calendar.intervals(start, end):
            if amount <= closes - opens:
                return opens + amount
            amount -= closes - opens
    return None


def reached_endless(
    calendar: Calendar, runs: list[tuple[datetime, datetime]], amount: timedelta
) -> datetime | None:
    found = reached(calendar, runs[:-1], amount) if runs[:-1] else None
    spent = sum((calendar.between(start, end) for start, end in runs[:-1]), ZERO)
    return found or calendar.add(runs[-1][0], amount - spent)
