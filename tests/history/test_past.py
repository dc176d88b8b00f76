"""sla.status at a past instant says what it said when that instant was the present."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from typing import Any

import psycopg
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.history.desks import desks
from tests.history.driver import DeskDriver
from tests.history.strategies import histories, swept
from tests.history.test_histories import EXAMPLES, THOROUGHLY
from tests.oracle.desk import Desk
from tests.oracle.steps import Transaction

STATUS = """
    select to_jsonb(s) - 'met', case when s.state <> 'running' or s.due_at <> %(at)s then s.met end
    from sla.status(%(ticket)s, %(at)s) s where s.started_at <= %(at)s
"""
"""At the due time itself, only a sweep at that very instant knows of the breach."""
OVERTAKEN = """
    select effective_at, created_at from sla.audit_log where ticket_id = %s and effective_at < created_at
"""
Said = dict[tuple[str, datetime], list[tuple[Any, ...]]]


def ask(driver: DeskDriver, name: str, at: datetime) -> list[tuple[Any, ...]]:
    """How a ticket's clocks stood; one that is entered ahead of time is known only from its start on."""
    return driver.db.execute(STATUS, {"ticket": driver.ticket_id(name), "at": at}).fetchall()


def said_at_the_time(driver: DeskDriver, history: list[Transaction]) -> Said:
    """What sla.status said of each ticket after each transaction, by ticket and instant."""
    said: Said = {}
    for transaction in history:
        driver.run([transaction])
        for name in driver.tickets:
            said[name, transaction.now] = ask(driver, name, transaction.now)
    return said


def overtaken(driver: DeskDriver, name: str) -> list[tuple[datetime, datetime]]:
    """(effective, written): instants between the two did not know yet."""
    return driver.db.execute(OVERTAKEN, [driver.ticket_id(name)]).fetchall()  # type: ignore[return-value]


def changed_minds(db: psycopg.Connection[Any], desk: Desk, history: list[Transaction]) -> Iterator[str]:
    driver = DeskDriver.new(db, desk, history[0].now)
    try:
        said = said_at_the_time(driver, history)
        later = {name: overtaken(driver, name) for name in driver.tickets}
        for (name, at), then in said.items():
            if any(effective <= at < written for effective, written in later[name]):
                continue
            now = ask(driver, name, at)
            if now != then:
                yield f"{name} at {at}: it was {then}, and is now said to have been {now}"
    finally:
        driver.forget()


def in_order(history: list[Transaction]) -> list[Transaction]:
    """None begins before the one that ran before it: what such a one did was not known at its instant."""
    nows = accumulate((transaction.now for transaction in history), max)
    return [replace(transaction, now=now) for transaction, now in zip(history, nows, strict=True)]


@settings(THOROUGHLY, max_examples=max(EXAMPLES // 12, 1))
@given(st.data())
def test_the_past_stays_what_it_was(db: psycopg.Connection[Any], data: st.DataObject) -> None:
    desk = data.draw(desks())
    history = in_order(data.draw(swept(data.draw(histories(desk)))))
    found = list(changed_minds(db, desk, history))
    note("\n".join(found))
    assert not found
