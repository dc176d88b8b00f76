"""Sixteen writers, sweeps and configuration edits on the same fifty tickets: nothing may break.

They work for SLAPG_CONCURRENCY_SECONDS (20), half of it at each isolation level. Serialization failures are
retried, as PostgreSQL's manual says; a deadlock is a defect.
"""

import os
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import IsolationLevel, errors

from tests.history.desk_hands import DAY_ZERO, Connect, busy
from tests.history.desks import desk
from tests.history.driver import DeskDriver
from tests.oracle import steps
from tests.oracle.from_audit import verify_ticket

SECONDS = float(os.environ.get("SLAPG_CONCURRENCY_SECONDS", "20"))
TICKETS = [f"t{number:02}" for number in range(50)]


def fifty_tickets(db: psycopg.Connection[Any]) -> DeskDriver:
    driver = DeskDriver.new(db, desk(), DAY_ZERO)
    rows = [
        steps.NewTicket(
            name, DAY_ZERO - timedelta(minutes=9 * number), priority="normal", board="desk", status="new"
        )
        for number, name in enumerate(TICKETS)
    ]
    driver.run([steps.Transaction(DAY_ZERO, (steps.Insert(tuple(rows)),))])
    return driver


@pytest.mark.parametrize("level", [IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ])
def test_many_hands(db: psycopg.Connection[Any], connect: Connect, level: IsolationLevel) -> None:
    def connect_at_level() -> psycopg.Connection[Any]:
        connection = connect()
        connection.isolation_level = level
        return connection

    driver = fifty_tickets(db)
    hands = busy(driver, connect_at_level, SECONDS / 2)
    failures = [failure for hand in hands for failure in hand.failures]
    assert not failures
    assert all(hand.done["done"] for hand in hands)

    driver.at(DAY_ZERO + timedelta(days=30))
    db.execute("call sla.sweep()")
    assert not db.execute("select * from sla.sweep_errors").fetchall()
    assert not db.execute("select * from sla.pauses where paused_at > resumed_at").fetchall()
    several_open = """
        select ticket_id, metric from sla.clocks where state in ('running', 'paused')
        group by ticket_id, metric having count(*) > 1
    """
    assert not db.execute(several_open).fetchall()
    assert not db.execute("select * from sla.verify_tickets()").fetchall()
    for name in TICKETS:
        assert verify_ticket(db, driver.ticket_id(name)) == []


def test_a_stale_snapshot_overlooks_no_pause(db: psycopg.Connection[Any], connect: Connect) -> None:
    """A pause by hand adds to another and moves no clock; who ends the other must know of it all the same."""
    driver = fifty_tickets(db)
    by_hand, stale = driver.joined(connect()), driver.joined(connect())
    driver.at(DAY_ZERO)
    driver.execute(steps.Update(("t00",), (("status", "waiting"),)))
    stale.db.isolation_level = IsolationLevel.REPEATABLE_READ
    with stale.db.transaction(force_rollback=True):
        stale.at(DAY_ZERO + timedelta(minutes=2))
        stale.db.execute("select count(*) from sla.pauses")
        by_hand.at(DAY_ZERO + timedelta(minutes=1))
        by_hand.execute(steps.Call("pause", "t00"))
        with pytest.raises(errors.SerializationFailure):
            stale.execute(steps.Update(("t00",), (("status", "new"),)))
