"""The database against the oracle: random ticket histories, swept at random times.

More examples with the environment variable SLAPG_EXAMPLES.
"""

import os
from dataclasses import replace
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.history.desks import desks
from tests.history.driver import DeskDriver, differences
from tests.history.strategies import histories, swept
from tests.oracle.desk import Desk
from tests.oracle.from_audit import verify_ticket
from tests.oracle.steps import Transaction
from tests.oracle.ticket import Ticket, replay

EXAMPLES = int(os.environ.get("SLAPG_EXAMPLES", "120"))
THOROUGHLY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)


def in_database(db: psycopg.Connection[Any], desk: Desk, history: list[Transaction]) -> dict[str, Ticket]:
    """The rows that the database comes to, in a tenant of its own."""
    driver = DeskDriver.new(db, desk, history[0].now)
    try:
        driver.run(history)
        return driver.result()
    finally:
        driver.forget()


def said_by_verify(db: psycopg.Connection[Any], when: str) -> list[str]:
    """What sla.verify_tickets has to say about the tenant: nothing, swept or not."""
    return [f"{when}: {row}" for row in db.execute("select * from sla.verify_tickets()")]


def told_by_their_logs(db: psycopg.Connection[Any], desk: Desk, history: list[Transaction]) -> list[str]:
    """What the tickets' rows and their audit logs disagree on."""
    driver = DeskDriver.new(db, desk, history[0].now)
    try:
        driver.run(history[:-1])
        driver.at(max(transaction.now for transaction in history[:-1]))
        lines = said_by_verify(db, "before the last sweep")
        driver.run(history[-1:])
        return [
            *lines,
            *said_by_verify(db, "swept"),
            *(
                f"{name}: {line}"
                for name in driver.tickets
                for line in verify_ticket(db, driver.ticket_id(name))
            ),
        ]
    finally:
        driver.forget()


def without_levels(tickets: dict[str, Ticket]) -> dict[str, Ticket]:
    """A level that was told stays raised, so it may depend on sweeps; all else may not."""
    return {name: replace(ticket, escalation_level=0) for name, ticket in tickets.items()}


@THOROUGHLY
@given(st.data())
def test_the_oracle_says_the_same_however_it_is_swept(data: st.DataObject) -> None:
    desk = data.draw(desks())
    history = data.draw(histories(desk))
    once = replay(desk, data.draw(swept(history)))
    again = replay(desk, data.draw(swept(history)))
    assert without_levels(once) == without_levels(again)


@THOROUGHLY
@given(st.data())
def test_the_database_agrees_with_the_oracle(db: psycopg.Connection[Any], data: st.DataObject) -> None:
    desk = data.draw(desks())
    history = data.draw(swept(data.draw(histories(desk))))
    found = differences(replay(desk, history), in_database(db, desk, history))
    note("\n".join(found))
    assert not found


@settings(THOROUGHLY, max_examples=max(EXAMPLES // 3, 1))
@given(st.data())
def test_the_audit_log_alone_tells_the_same(db: psycopg.Connection[Any], data: st.DataObject) -> None:
    desk = data.draw(desks())
    found = told_by_their_logs(db, desk, data.draw(swept(data.draw(histories(desk)))))
    note("\n".join(found))
    assert not found


@settings(THOROUGHLY, max_examples=max(EXAMPLES // 6, 1))
@given(st.data())
def test_when_sweeps_run_makes_no_difference(db: psycopg.Connection[Any], data: st.DataObject) -> None:
    desk = data.draw(desks())
    history = data.draw(histories(desk))
    once = without_levels(in_database(db, desk, data.draw(swept(history))))
    again = without_levels(in_database(db, desk, data.draw(swept(history))))
    found = differences(once, again)
    note("\n".join(found))
    assert not found
