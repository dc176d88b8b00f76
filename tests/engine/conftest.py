"""The desk of these tests."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.engine.desk import Desk
from tests.oracle.from_audit import verify_ticket


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Iterator[Desk]:
    """A desk of its own for each test; it is Monday, 08:00.

    Afterwards the audit log alone tells the same about each ticket as the tables do (semantics §7): as
    sla.verify_tickets folds it, swept or not, and as the oracle does.
    """
    desk = Desk(db)
    yield desk
    if desk.is_sound:
        assert desk.rows("select * from sla.verify_tickets()") == []
        desk.sweep()
        assert desk.rows("select * from sla.verify_tickets()") == []
        for row in desk.rows("select ticket_id from helpdesk.tickets limit 20"):
            assert verify_ticket(db, row.ticket_id) == []
