"""verify_ticket itself: silent about sound rows, and not about a tampered one."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from tests.history.desk_hands import DAY_ZERO
from tests.history.desks import NO_LUNCH, desk
from tests.history.driver import DeskDriver
from tests.oracle import steps
from tests.oracle.from_audit import verify_ticket

TAMPERING = {
    "response 1: due_at": "update sla.clocks set due_at = due_at + interval '1 second'",
    "resolution 1 is only in the log": "delete from sla.clocks where metric = 'resolution'",
    "is only in the tables": "update sla.pauses set paused_at = paused_at - interval '1 second'",
}


@pytest.fixture
def ticket_id(db: psycopg.Connection[Any]) -> Any:
    """A ticket that waits from the start, under a calendar that was edited since."""
    driver = DeskDriver.new(db, desk(), DAY_ZERO)
    new = steps.NewTicket("t", DAY_ZERO, board="desk", priority="high", status="waiting")
    driver.run([steps.Transaction(DAY_ZERO, (steps.Insert((new,)),))])
    later = DAY_ZERO + timedelta(hours=3)
    driver.run([steps.Transaction(later, (steps.EditCalendar("office", NO_LUNCH),))])
    return driver.ticket_id("t")


def test_sound_rows_need_no_word(db: psycopg.Connection[Any], ticket_id: Any) -> None:
    assert verify_ticket(db, ticket_id) == []


@pytest.mark.parametrize(("complaint", "statement"), TAMPERING.items())
def test_tampering_is_found(
    db: psycopg.Connection[Any], ticket_id: Any, complaint: str, statement: str
) -> None:
    db.execute(statement)
    assert any(complaint in line for line in verify_ticket(db, ticket_id))
