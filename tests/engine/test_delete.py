"""What stays when tickets are deleted (semantics §4)."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.engine.desk import Desk

TABLES = ("clocks", "pauses", "threshold_events", "notifications", "sweep_errors")


def lived(desk: Desk) -> UUID:
    """A ticket with a past: crossings, notifications, a pause."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.reply(ticket, author_type="client")
    desk.sweep("Mon 11:00")
    desk.change(ticket, status="Waiting")
    return ticket


def remaining(desk: Desk, ticket: UUID) -> dict[str, int]:
    count = "select count(*) from sla.{} where ticket_id = %s"
    return {table: desk.value(count.format(table).encode(), ticket) for table in TABLES}


def test_clocks_pauses_and_events_go_with_the_ticket(desk: Desk) -> None:
    ticket, other = lived(desk), lived(desk)
    before = remaining(desk, other)
    assert all(before[table] for table in ("clocks", "pauses", "threshold_events", "notifications"))
    desk.db.execute("delete from helpdesk.tickets where ticket_id = %s", [ticket])
    assert set(remaining(desk, ticket).values()) == {0}
    assert remaining(desk, other) == before


def test_the_audit_log_keeps_its_entries(desk: Desk) -> None:
    ticket = lived(desk)
    count = "select count(*) from sla.audit_log where ticket_id = %s"
    before = desk.value(count, ticket)
    desk.db.execute("delete from helpdesk.tickets where ticket_id = %s", [ticket])
    assert desk.value(count, ticket) >= before > 3


def test_many_at_once(desk: Desk) -> None:
    for _ in range(3):
        lived(desk)
    desk.db.execute("delete from helpdesk.tickets")
    assert desk.value("select count(*) from sla.clocks") == 0


def test_truncate(desk: Desk) -> None:
    lived(desk)
    desk.db.execute("truncate helpdesk.tickets cascade")
    assert desk.value("select count(*) from sla.clocks") == 0
    assert desk.value("select count(*) from sla.threshold_events") == 0
    assert desk.value("select count(*) from sla.notifications") == 0


def test_an_old_snapshot_leaves_nothing_behind(desk: Desk, connect: Any) -> None:
    """It cannot see what the sweep recorded since, so it must not delete the ticket from under it."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    other = connect(autocommit=False)
    other.execute("set transaction isolation level repeatable read")
    other.execute("select from helpdesk.tickets")
    desk.sweep("Mon 09:30")
    assert remaining(desk, ticket)["threshold_events"] == 1
    with pytest.raises(psycopg.errors.SerializationFailure):
        other.execute("delete from helpdesk.tickets where ticket_id = %s", [ticket])


def test_the_sweep_after_a_deletion_finds_nothing(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute("delete from helpdesk.tickets where ticket_id = %s", [ticket])
    desk.sweep("Mon 12:00")
    assert desk.value("select count(*) from sla.threshold_events") == 0
