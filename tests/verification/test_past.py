"""sla.status at a past instant: the terms, pauses and verdict of then."""

from typing import Any
from uuid import UUID

from tests.engine.desk import Desk, when


def stood(desk: Desk, ticket: UUID, moment: str) -> dict[str, tuple[Any, ...]]:
    """state, due_at, completed_at, hours elapsed, reason and met of each metric."""
    rows = desk.rows("select * from sla.status(%s, %s)", ticket, when(moment))
    return {
        f"{r.metric} {r.cycle}": (
            r.state,
            r.due_at,
            r.completed_at,
            r.elapsed.total_seconds() / 3600,
            r.reason,
            r.met,
        )
        for r in rows
    }


def test_terms_verdicts_and_pauses_of_then(desk: Desk) -> None:
    """Made urgent on Monday afternoon, waiting overnight, closed late, reopened: each day says its own."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 14:00")
    desk.change(ticket, priority="Urgent", status="Waiting")
    desk.at("Tue 10:00")
    desk.change(ticket, status="Working")
    desk.at("Tue 12:00")
    desk.change(ticket, status="Closed")
    desk.at("Wed 12:00")
    desk.change(ticket, status="New")
    desk.at("Fri 12:00")
    resolution = {
        moment: stood(desk, ticket, moment)["resolution 1"]
        for moment in ("Mon 10:00", "Mon 16:00", "Tue 11:00", "Wed 09:00", "Thu 09:00")
    }
    assert resolution == {
        "Mon 10:00": ("running", when("Mon 17:00"), None, 1, None, None),
        "Mon 16:00": ("paused", when("Mon 13:00"), None, 5, "status", False),
        "Tue 11:00": ("running", when("Mon 13:00"), None, 6, None, False),
        "Wed 09:00": ("completed", when("Mon 13:00"), when("Tue 12:00"), 7, None, False),
        "Thu 09:00": ("running", when("Mon 13:00"), None, 12, None, False),
    }
    assert stood(desk, ticket, "Mon 08:59") == {}


def test_a_clock_that_is_gone_was_there(desk: Desk) -> None:
    """Cancelled by hand, then taken up again: in between it was cancelled, before it was not."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:30")
    desk.db.execute("select sla.cancel(%s)", [ticket])
    desk.at("Mon 12:00")
    desk.db.execute("select sla.start_tracking(%s)", [ticket])
    desk.at("Tue 09:00")
    states = {
        moment: stood(desk, ticket, moment)["resolution 1"][0]
        for moment in ("Mon 10:00", "Mon 11:00", "Mon 13:00")
    }
    assert states == {"Mon 10:00": "running", "Mon 11:00": "cancelled", "Mon 13:00": "running"}


def test_a_closing_supplied_late_counts_from_when_it_was(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 16:00")
    desk.change(ticket, status="Closed", closed_at="Mon 11:00")
    assert stood(desk, ticket, "Mon 12:00")["resolution 1"][:3] == (
        "completed",
        when("Mon 17:00"),
        when("Mon 11:00"),
    )


def test_without_its_beginning_the_rows_answer(desk: Desk) -> None:
    """Dropped months take the oldest histories along; the pauses of then are still known."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Tue 09:00")
    desk.change(ticket, status="Waiting")
    desk.at("Wed 09:00")
    desk.db.execute("set session_replication_role = replica")
    desk.db.execute("delete from sla.audit_log")
    assert stood(desk, ticket, "Mon 12:00")["resolution 1"][:4] == ("running", when("Mon 17:00"), None, 3)
