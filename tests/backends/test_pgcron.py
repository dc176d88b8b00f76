"""`PgCronBackend` over every kind of connection, in the caller's transaction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from slapg.backends import ClockStatus, Database, PgCronBackend, SlaBackend, SlaRefusedError, create_backend
from slapg.models import Policy, PolicyTarget, Priority, Ticket

Db = psycopg.Connection[Any]
backend: SlaBackend = PgCronBackend()


def _clocks(database: Database, ticket: UUID) -> dict[str, ClockStatus]:
    return {clock.metric: clock for clock in backend.get_status(database, ticket)}


def test_status(database: Database, ticket: UUID) -> None:
    clocks = _clocks(database, ticket)
    assert set(clocks) == {"response", "resolution"}
    response = clocks["response"]
    assert (response.state, response.policy, response.cycle) == ("running", "Gold", 1)
    assert response.target == timedelta(hours=1)
    assert response.due_at - response.started_at == response.target
    assert response.remaining == response.target - response.elapsed
    assert (response.paused, response.met, response.completed_at) == (False, None, None)


def test_status_in_the_past(database: Database, ticket: UUID) -> None:
    started = _clocks(database, ticket)["response"].started_at
    assert backend.get_status(database, ticket, started - timedelta(hours=1)) == []
    then = backend.get_status(database, ticket, started)
    assert {clock.elapsed for clock in then} == {timedelta(0)}


def test_the_life_of_a_ticket(database: Database, ticket: UUID) -> None:
    for _ in range(2):  # each call twice: the second does nothing
        backend.pause(database, ticket)
        assert {clock.reason for clock in _clocks(database, ticket).values()} == {"manual"}
    for _ in range(2):
        backend.resume(database, ticket)
        assert {clock.state for clock in _clocks(database, ticket).values()} == {"running"}
    started = _clocks(database, ticket)["response"].started_at
    for at in (started, None):
        backend.complete(database, ticket, "response", at)
        response = _clocks(database, ticket)["response"]
        assert (response.state, response.met) == ("completed", True)
    for _ in range(2):
        backend.cancel(database, ticket)
        assert _clocks(database, ticket)["resolution"].state == "cancelled"
    for _ in range(2):
        backend.start_tracking(database, ticket)
        assert _clocks(database, ticket)["resolution"].state == "running"
    assert len(backend.get_status(database, ticket)) == 2


def test_starting_twice_changes_nothing(database: Database, ticket: UUID, db: Db) -> None:
    question = "select c.*, (select count(*) from sla.audit_log) from sla.clocks c order by metric"
    before = db.execute(question).fetchall()
    backend.start_tracking(database, ticket)
    database.commit()
    assert db.execute(question).fetchall() == before


def test_the_transaction_is_the_callers(database: Database, ticket: UUID, db: Db) -> None:
    question = "select distinct state from sla.clocks"
    backend.pause(database, ticket)
    assert db.execute(question).fetchall() == [("running",)]
    database.rollback()
    assert db.execute(question).fetchall() == [("running",)]
    backend.pause(database, ticket)
    database.commit()
    assert db.execute(question).fetchall() == [("paused",)]


@pytest.mark.parametrize(
    ("refused", "sqlstate", "words"),
    [
        (lambda database, ticket: backend.pause(database, uuid4()), "SL010", "is unknown"),
        (lambda database, ticket: backend.get_status(database, uuid4()), "SL010", "there is no ticket"),
        (lambda database, ticket: backend.complete(database, ticket, "tea"), "SL011", 'metric "tea"'),
    ],
)
def test_refusals_are_one_kind_of_error(
    database: Database, ticket: UUID, refused: Callable[[Any, UUID], object], sqlstate: str, words: str
) -> None:
    with pytest.raises(SlaRefusedError, match=words) as caught:
        refused(database, ticket)
    assert caught.value.sqlstate == sqlstate
    assert caught.value.hint
    database.rollback()
    assert _clocks(database, ticket)


def test_other_errors_stay_what_they_are(ticket: UUID, login: Callable[[str], Db]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        backend.pause(login("slapg_app"), ticket)


def test_an_administrator_is_enough(ticket: UUID, login: Callable[[str], Db]) -> None:
    administrator = login("slapg_admin")
    backend.pause(administrator, ticket)
    assert {clock.paused for clock in backend.get_status(administrator, ticket)} == {True}


def test_a_ticket_that_waits_in_the_session_is_found(db_url: str) -> None:
    engine = create_engine(make_url(db_url).set(drivername="postgresql+psycopg"))
    with Session(engine, autoflush=False) as session:
        target = PolicyTarget(priority=Priority(name="Urgent"), response_minutes=60)
        session.add(Policy(name="Gold", is_default=True, targets=[target]))
        session.flush()
        ticket = Ticket(ticket_id=uuid4(), priority=target.priority)
        session.add(ticket)
        create_backend().pause(session, ticket.ticket_id)
        assert [clock.paused for clock in create_backend().get_status(session, ticket.ticket_id)] == [True]
    engine.dispose()
