"""sla.ticket_status, sla.status and sla.tickets_at_risk: how one ticket stands."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.views.desk import Desk

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def monday(hour: int, minute: int = 0) -> datetime:
    return datetime(2016, 3, 7, hour, minute, tzinfo=UTC)


def clock(desk: Desk, ticket_id: object, metric: str, *columns: str) -> tuple[object, ...]:
    return desk.row(f"select {', '.join(columns)} from sla.status(%s) where metric = %s", ticket_id, metric)


def test_a_running_clock_shows_what_is_used_and_left(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:15")
    assert clock(desk, ticket, "response", "state", "elapsed", "remaining", "percent", "due_at", "met") == (
        "running",
        15 * MINUTE,
        45 * MINUTE,
        25,
        monday(10),
        None,
    )
    assert desk.sla_status(ticket) == "on_track"


def test_nights_and_weekends_do_not_count(desk: Desk) -> None:
    desk.at("Fri 16:30")
    ticket = desk.enter()
    desk.at("next Mon 09:10")
    assert clock(desk, ticket, "response", "elapsed", "remaining") == (40 * MINUTE, 20 * MINUTE)


def test_a_percent_is_cut_not_rounded(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:59:59.999")
    [percent] = clock(desk, ticket, "response", "percent::text")
    assert percent == "99.99"


def test_an_overdue_clock_is_judged_by_its_due_time_settled_or_not(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:00")
    assert desk.sla_status(ticket) == "at_risk"
    desk.at("Mon 10:30")
    assert desk.sla_status(ticket) == "response_breached"
    assert clock(desk, ticket, "response", "met", "remaining", "state") == (False, -30 * MINUTE, "running")
    shown = (
        "select sla_status, response_met, response_remaining, response_percent, resolution_met "
        "from sla.ticket_status"
    )
    unsettled = desk.rows(shown)
    desk.sweep()
    assert desk.rows(shown) == unsettled


def test_statuses_go_by_the_first_that_matches(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:45")
    assert desk.sla_status(ticket) == "at_risk"
    desk.reply(ticket)
    assert desk.sla_status(ticket) == "on_track"
    desk.move(ticket, "Waiting")
    assert desk.sla_status(ticket) == "paused"
    desk.at("Tue 09:00")
    desk.move(ticket, "New")
    desk.at("Wed 12:00")
    assert desk.sla_status(ticket) == "resolution_breached"
    desk.move(ticket, "Closed")
    assert desk.sla_status(ticket) == "missed"


def test_a_kept_promise_is_met_and_an_unpromised_priority_is_none(desk: Desk) -> None:
    desk.at("Mon 09:00")
    kept, unpromised = desk.enter("1"), desk.enter("2", priority="Unpromised")
    desk.at("Mon 10:00")
    desk.move(kept, "Closed")
    assert desk.sla_status(kept) == "met"
    assert desk.sla_status(unpromised) == "none"
    assert desk.rows("select * from sla.status(%s)", unpromised) == []


def test_a_late_answer_shows_on_until_the_ticket_is_closed(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 11:00")
    desk.reply(ticket)
    assert desk.sla_status(ticket) == "response_breached"
    assert clock(desk, ticket, "response", "state", "met", "remaining", "elapsed") == (
        "completed",
        False,
        None,
        2 * HOUR,
    )


def test_a_paused_clock_stands_still_with_its_reason(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:30")
    desk.move(ticket, "Waiting")
    desk.at("Mon 15:00")
    assert clock(desk, ticket, "response", "state", "elapsed", "paused", "reason", "due_at") == (
        "paused",
        30 * MINUTE,
        True,
        "status",
        monday(10),
    )
    desk.move(ticket, "New")
    assert clock(desk, ticket, "response", "state", "elapsed", "reason", "due_at") == (
        "running",
        30 * MINUTE,
        None,
        monday(15, 30),
    )


def test_total_pause_minutes_are_wall_clock_and_count_overlaps_once(desk: Desk) -> None:
    desk.at("Mon 16:00")
    ticket = desk.enter()
    desk.move(ticket, "Waiting")
    desk.db.execute("update helpdesk.tickets set response_state = 'awaiting_client'")
    desk.at("Tue 10:00")
    [minutes] = desk.row("select total_pause_minutes from sla.ticket_status")
    assert minutes == 18 * 60
    assert desk.row("select pause_reason from sla.ticket_status") == ("awaiting_client, status",)


def test_a_past_instant_has_the_pauses_and_the_deadline_of_then(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:30")
    desk.move(ticket, "Waiting")
    desk.at("Mon 12:30")
    desk.move(ticket, "New")
    desk.at("Mon 13:30")
    desk.reply(ticket)
    desk.at("Mon 16:00")

    def then(at: datetime) -> tuple[object, ...]:
        return desk.row(
            "select state, elapsed, due_at, reason, completed_at, met from sla.status(%s, %s) "
            "where metric = 'response'",
            ticket,
            at,
        )

    half = 30 * MINUTE
    assert then(monday(9, 20)) == ("running", 20 * MINUTE, monday(10), None, None, None)
    assert then(monday(11)) == ("paused", half, monday(10), "status", None, None)
    assert then(monday(12, 40)) == ("running", 40 * MINUTE, monday(13), None, None, None)
    assert then(monday(13, 10)) == ("running", 70 * MINUTE, monday(13), None, None, False)
    assert then(monday(15)) == ("completed", 90 * MINUTE, monday(13), None, monday(13, 30), False)
    assert desk.rows("select * from sla.status(%s, %s)", ticket, monday(8)) == []


def test_an_unknown_ticket_is_an_error_that_names_it(desk: Desk) -> None:
    unknown = uuid4()
    with pytest.raises(psycopg.Error, match=f"there is no ticket {unknown}") as caught:
        desk.row("select * from sla.status(%s)", unknown)
    assert caught.value.sqlstate == "SL010"
    assert caught.value.diag.message_hint


def test_at_risk_tickets_are_those_that_acting_now_still_helps(desk: Desk) -> None:
    desk.at("Mon 09:00")
    late, risky, paused = desk.enter("late"), desk.enter("risky"), desk.enter("paused")
    desk.at("Mon 09:50")
    desk.enter("fresh")
    desk.reply(risky)
    desk.move(paused, "Waiting")
    desk.at("Mon 16:00")
    at_risk = desk.rows(
        "select ticket_number, metric, percent::float, remaining from sla.tickets_at_risk "
        "where ticket_number <> 'fresh'"
    )
    assert at_risk == [("late", "resolution", 87.5, HOUR), ("risky", "resolution", 87.5, HOUR)]
    assert late != risky
