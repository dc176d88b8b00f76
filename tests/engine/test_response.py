"""What answers a ticket, and when (semantics §2, Response and Supplied times)."""

from datetime import datetime
from typing import Any

import pytest

from tests.engine.desk import Desk, when


def answered(desk: Desk, ticket: Any) -> tuple[str, datetime | None, bool | None]:
    clock = desk.response(ticket)
    return clock.state, clock.completed_at, clock.met


def test_the_first_public_reply_by_the_staff(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:20")
    desk.reply(ticket)
    assert answered(desk, ticket) == ("completed", when("Mon 09:20"), True)
    assert desk.resolution(ticket).state == "running"
    [entry] = desk.audit(ticket, "response_recorded")
    assert entry["met"] is True


@pytest.mark.parametrize(
    "columns", [{"is_internal": True}, {"author_type": "client"}, {"author_type": "system"}]
)
def test_what_is_no_reply(desk: Desk, columns: dict[str, Any]) -> None:
    ticket = desk.enter()
    desk.reply(ticket, **columns)
    assert answered(desk, ticket) == ("running", None, None)


def test_a_reply_when_time_is_used_up_exactly_is_in_time(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:00")
    desk.reply(ticket)
    assert answered(desk, ticket) == ("completed", when("Mon 10:00"), True)
    assert desk.crossed(ticket, "response") == [(50, when("Mon 09:30")), (75, when("Mon 09:45"))]


def test_a_reply_a_microsecond_late_is_late(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:00:00.000001")
    desk.reply(ticket)
    assert answered(desk, ticket)[2] is False
    assert desk.crossed(ticket, "response")[-1] == (100, when("Mon 10:00"))


def test_a_reply_over_the_weekend_counts_there(desk: Desk) -> None:
    desk.at("Fri 16:30")
    ticket = desk.enter()
    desk.at("Sat 11:00")
    desk.reply(ticket)
    assert answered(desk, ticket) == ("completed", when("Sat 11:00"), True)


def test_the_first_inserted_wins_not_the_earliest_written(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 11:00")
    desk.reply(ticket, "Mon 10:30")
    desk.reply(ticket, "Mon 09:10")
    assert answered(desk, ticket) == ("completed", when("Mon 10:30"), False)


def test_within_one_statement_the_earliest_written_counts(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 11:00")
    desk.db.execute(
        "insert into helpdesk.comments (ticket_id, author_type, created_at) "
        "select %s, 'internal', unnest(%s::timestamptz[])",
        [ticket, [when("Mon 10:30"), when("Mon 09:10"), when("Mon 10:45")]],
    )
    assert answered(desk, ticket) == ("completed", when("Mon 09:10"), True)


def test_making_a_note_public_later_counts_at_that_time(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    note = desk.reply(ticket, is_internal=True)
    desk.at("Mon 10:15")
    desk.db.execute("update helpdesk.comments set is_internal = false where comment_id = %s", [note])
    assert answered(desk, ticket) == ("completed", when("Mon 10:15"), False)


@pytest.mark.parametrize(
    "withdrawal",
    [
        "delete from helpdesk.comments where comment_id = %s",
        "update helpdesk.comments set is_internal = true where comment_id = %s",
    ],
)
def test_withdrawing_the_reply_withdraws_nothing(desk: Desk, withdrawal: str) -> None:
    ticket = desk.enter()
    comment = desk.reply(ticket)
    desk.db.execute(withdrawal.encode(), [comment])
    assert answered(desk, ticket)[0] == "completed"


def test_a_reply_from_before_the_ticket_counts_at_its_start(desk: Desk) -> None:
    desk.at("Mon 10:00")
    ticket = desk.enter()
    desk.reply(ticket, "Mon 09:00")
    assert answered(desk, ticket) == ("completed", when("Mon 10:00"), True)
    [entry] = desk.audit(ticket, "ticket_changed")
    assert entry["clamped"] is True


def test_a_reply_from_the_future_counts_now(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.reply(ticket, "Mon 15:00")
    assert answered(desk, ticket) == ("completed", when("Mon 09:00"), True)


def test_a_reply_from_before_the_last_pause_counts_at_that_pause(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:30")
    desk.change(ticket, status="Waiting")
    desk.at("Mon 09:40")
    desk.reply(ticket, "Mon 09:10")
    assert answered(desk, ticket) == ("completed", when("Mon 09:30"), True)


def test_a_supplied_time_withdraws_a_breach_that_did_not_happen(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.sweep("Mon 11:00")
    assert desk.response(ticket).met is False
    desk.reply(ticket, "Mon 09:40")
    assert answered(desk, ticket) == ("completed", when("Mon 09:40"), True)
    assert desk.response(ticket).breached_at is None
    assert desk.crossed(ticket, "response") == [(50, when("Mon 09:30"))]


def test_a_reply_to_a_ticket_without_clocks_is_remembered(desk: Desk) -> None:
    """Given a target later, it is answered already."""
    desk.at("Mon 09:00")
    ticket = desk.enter(priority="Stray")
    desk.at("Mon 09:20")
    desk.reply(ticket)
    desk.at("Mon 15:00")
    desk.change(ticket, priority="Normal")
    assert answered(desk, ticket) == ("completed", when("Mon 09:20"), True)
