"""sla.verify: silent about sound tickets, and names whatever somebody changed behind slapg's back."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.conftest import Connect
from tests.engine.desk import Desk


def lived(desk: Desk) -> UUID:
    """A ticket that crossed, was answered late, paused, made urgent, closed and reopened; it is Fri 12:00."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.sweep("Mon 11:00")
    desk.reply(ticket)
    desk.change(ticket, status="Waiting")
    desk.at("Tue 10:00")
    desk.change(ticket, status="Working")
    desk.at("Wed 09:00")
    desk.change(ticket, priority="Urgent")
    desk.at("Thu 09:00")
    desk.change(ticket, status="Closed")
    desk.at("Fri 12:00")
    desk.change(ticket, status="New")
    return ticket


def said(desk: Desk, ticket: UUID) -> list[tuple[str | None, str]]:
    """What differs: (metric, what)."""
    return [(row.metric, row.what) for row in desk.rows("select * from sla.verify(%s)", ticket)]


def test_sound_tickets_need_no_word(desk: Desk) -> None:
    ticket = lived(desk)
    assert desk.rows("select * from sla.verify(%s)", ticket) == []


TAMPERING = {
    "update sla.clocks set due_at = due_at + '1 us' where metric = 'response'": [("response", "due_at")],
    "update sla.clocks set met = true where metric = 'response'": [("response", "met")],
    "update sla.clocks set completed_at = completed_at - interval '2 hours' where metric = 'response'": [
        ("response", "completed_at")
    ],
    "update sla.clocks set breached_at = null where metric = 'response'": [("response", "breached_at")],
    "update sla.clocks set target = '1 day'": [("resolution", "target"), ("response", "target")],
    "update sla.clocks set state = 'cancelled', cancel_reason = 'manual' where metric = 'response'": [
        ("response", "state"),
        ("response", "cancel_reason"),
    ],
    "update sla.clocks set crossings[1] = crossings[1] - interval '1 minute' where metric = 'response'": [
        ("response", "crossings")
    ],
    "update sla.clocks set percents = '{50,100}', crossings = crossings[2:3] where metric = 'response'": [
        ("response", "percents"),
        ("response", "crossings"),
    ],
    "update sla.clocks set policy_id = (select policy_id from sla.policies where name = 'Silver')"
    " where metric = 'response'": [("response", "policy_id")],
    "delete from sla.clocks where metric = 'response'": [("response", "clock")],
    "insert into sla.clocks select (jsonb_populate_record(c, '{\"cycle\": 2}')).* from sla.clocks c"
    " where metric = 'response'": [("response", "clock")],
    "update sla.threshold_events set crossed_at = crossed_at - interval '1 second'"
    " where metric = 'response' and percent = 50": [("response", "threshold 50 %")],
    "delete from sla.threshold_events where metric = 'response' and percent = 100": [
        ("response", "threshold 100 %")
    ],
    "update sla.threshold_events set withdrawn_at = now() where metric = 'response' and percent = 75": [
        ("response", "threshold 75 %")
    ],
    "update sla.threshold_events set escalation_level = 3 where metric = 'response' and percent = 75": [
        ("response", "threshold 75 % escalation_level")
    ],
    "update sla.threshold_events set kind = 'warning' where metric = 'response' and percent = 100": [
        ("response", "threshold 100 % kind")
    ],
    "insert into sla.threshold_events (ticket_id, metric, cycle, percent, kind, crossed_at, recorded_at)"
    " select ticket_id, 'response', 1, 80, 'warning', now(), now() from helpdesk.tickets": [
        ("response", "threshold 80 %")
    ],
    "update sla.pauses set resumed_at = resumed_at - interval '1 minute' where reason = 'status'": [
        (None, "pause status")
    ],
    "delete from sla.pauses where reason = 'status'": [(None, "pause status")],
    "insert into sla.pauses (ticket_id, reason, paused_at, resumed_at)"
    " select ticket_id, 'manual', entered_at, entered_at from helpdesk.tickets": [(None, "pause manual")],
}


def test_tampering_is_named(desk: Desk) -> None:
    ticket = lived(desk)
    found = {}
    for statement in TAMPERING:
        with desk.db.transaction(force_rollback=True):
            desk.db.execute(statement.encode())
            found[statement] = said(desk, ticket)
    assert found == TAMPERING


@pytest.mark.parametrize(
    "change",
    ["next_percent = null, next_fire_at = null", "next_fire_at = next_fire_at + interval '1 year'"],
)
def test_a_clock_that_would_never_fire_is_named(desk: Desk, change: str) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute(f"update sla.clocks set {change} where metric = 'response'".encode())
    assert ("response", "next_fire_at") in said(desk, ticket)


def test_both_sides_are_shown(desk: Desk) -> None:
    ticket = lived(desk)
    desk.db.execute("update sla.pauses set resumed_at = resumed_at + interval '1 h' where reason = 'status'")
    [row] = desk.rows("select * from sla.verify(%s)", ticket)
    assert (row.recorded, row.recomputed) == (
        "2026-02-02 10:00:00+00:00 to 2026-02-03 10:00:00+00:00",
        "2026-02-02 10:00:00+00:00 to 2026-02-03 09:00:00+00:00",
    )


def test_a_lost_history_is_named(desk: Desk) -> None:
    ticket = lived(desk)
    desk.db.execute("set session_replication_role = replica")
    desk.db.execute("delete from sla.audit_log where event_type = 'sla_started'")
    [row] = desk.rows("select * from sla.verify(%s)", ticket)
    assert (row.what, row.recorded) == ("history", "begins with ticket_changed")
    desk.db.execute("delete from sla.audit_log")
    [row] = desk.rows("select * from sla.verify(%s)", ticket)
    assert (row.what, row.recorded) == ("history", "missing")


def test_crossings_that_wait_for_the_sweep_are_no_difference(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:50")  # 50 and 75 % of the response time are used
    assert said(desk, ticket) == []
    desk.sweep()
    assert said(desk, ticket) == []
    desk.at("Tue 12:00")
    assert said(desk, ticket) == []


def test_skipping_a_crossing_is_no_waiting(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:50")
    desk.db.execute(
        "update sla.clocks set next_percent = 100, next_fire_at = due_at where metric = 'response'"
    )
    assert ("response", "threshold 50 %") in said(desk, ticket)


def test_many_tickets_at_once(desk: Desk) -> None:
    """Of three tickets, only the tampered one is named; ids of no ticket are ignored."""
    first, second = lived(desk), desk.enter()
    third = desk.enter(policy="Silver")
    desk.db.execute("update sla.clocks set due_at = due_at + interval '1 h' where ticket_id = %s", [second])
    named = "select distinct ticket_id from sla.verify_tickets(%s)"
    assert [row.ticket_id for row in desk.rows(named, [first, second, third, uuid4()])] == [second]
    assert [row.ticket_id for row in desk.rows(named, None)] == [second]
    assert desk.rows(named, [first, third]) == []
    desk.db.execute("delete from helpdesk.tickets where ticket_id = %s", [second])
    assert desk.rows(named, [second]) == []


def test_an_unknown_ticket_is_an_error(desk: Desk) -> None:
    with pytest.raises(psycopg.Error) as caught:
        desk.db.execute("select * from sla.verify(%s)", [uuid4()])
    assert caught.value.sqlstate == "SL010"


@pytest.fixture
def reader(desk: Desk, connect: Connect) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who logs in as a plain reader."""
    name = f"reader_{desk.db.info.dbname}"
    desk.db.execute(f"create role {name} login in role slapg_reader".encode())
    connection = connect(user=name)
    yield connection
    connection.close()
    desk.db.execute(f"drop role {name}".encode())


def test_a_reader_may_ask_and_changes_nothing(desk: Desk, reader: psycopg.Connection[Any]) -> None:
    ticket = lived(desk)
    desk.db.execute("update sla.clocks set due_at = due_at + interval '1 h'")
    reader.execute("set default_transaction_read_only = on")
    asked = reader.execute("select what from sla.verify(%s)", [ticket]).fetchall()
    assert asked == [("due_at",), ("due_at",)]


def test_another_tenant_is_not_looked_at(desk: Desk) -> None:
    lived(desk)
    desk.db.execute("update sla.clocks set due_at = due_at + interval '1 h'")
    assert len(desk.rows("select * from sla.verify_tickets()")) == 2
    other = uuid4()
    desk.db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [other])
    desk.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(other)])
    assert desk.rows("select * from sla.verify_tickets()") == []
