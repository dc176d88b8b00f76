"""Sessions that were open before an upgrade: what they had loaded of the old version goes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from slapg.migrations import migrate

ENGINE = "functions/calendar/_load_calendar_engine.sql"
PERIOD = "LOOK_AGAIN_SECONDS = 60"
ANSWER = "return found.add(start, amount) if amount is not None else None"
MONDAY = datetime(2026, 2, 2, 9, tzinfo=UTC)
SCHEDULE = """
    insert into sla.schedules (name) values ('Office');
    insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)
    select schedule_id, day, '09:00', '17:00' from sla.schedules, generate_series(1, 5) as day
"""


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


@pytest.fixture
def upgraded(slapg_db: str, sql_copy: Path) -> str:
    """A database whose sessions look for a new version before each answer."""
    _edit(sql_copy / ENGINE, PERIOD, "LOOK_AGAIN_SECONDS = 0")
    migrate(slapg_db)
    return slapg_db


def _in_an_hour(session: psycopg.Connection[Any]) -> datetime:
    row = session.execute(
        "select sla.add_business_time(schedule_id, %s, '1 hour') from sla.schedules", [MONDAY]
    ).fetchone()
    assert row is not None
    return row[0]


def test_an_open_session_takes_up_the_new_calendar_engine(upgraded: str, sql_copy: Path) -> None:
    with psycopg.connect(upgraded, autocommit=True) as session:
        session.execute(SCHEDULE)
        assert _in_an_hour(session) == MONDAY + timedelta(hours=1)
        # A version that answers an hour later.
        _edit(sql_copy / ENGINE, ANSWER, ANSWER.replace("amount)", "amount + 3_600_000_000)"))
        assert migrate(upgraded).applied == [ENGINE]
        _in_an_hour(session)  # this one notices
        assert _in_an_hour(session) == MONDAY + timedelta(hours=2)


def test_an_open_session_verifies_with_the_new_engine(upgraded: str, sql_copy: Path) -> None:
    """Other modules are made of the engine: they go with it."""
    with psycopg.connect(upgraded, autocommit=True) as session:
        session.execute(SCHEDULE)
        session.execute("insert into helpdesk.tickets default values")
        verify = "select v.* from helpdesk.tickets t, sla.verify(t.ticket_id) v"
        assert session.execute(verify).fetchall() == []
        _edit(sql_copy / ENGINE, ANSWER, f"{ANSWER}  # new")
        migrate(upgraded)
        for _ in range(2):
            _in_an_hour(session)
            assert session.execute(verify).fetchall() == []
