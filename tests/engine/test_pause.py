"""What stops clocks, and that they lose no budget (semantics §2, Pause)."""

from datetime import timedelta

import psycopg
import pytest

from tests.engine.desk import Desk, when

HOUR = timedelta(hours=1)


def states(desk: Desk, ticket: object) -> set[str]:
    return {clock.state for clock in desk.clocks(ticket)}  # type: ignore[arg-type]


def test_a_pausing_status_stops_both_clocks(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:15")
    desk.change(ticket, status="Waiting")
    assert {(c.state, c.paused_at, c.next_fire_at) for c in desk.clocks(ticket)} == {
        ("paused", when("Mon 09:15"), None)
    }
    [entry] = desk.audit(ticket, "sla_paused")
    assert (entry["reason"], entry["at"]) == ("status", when("Mon 09:15"))


def test_the_due_time_stands_still_while_paused(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, status="Waiting")
    desk.sweep("Thu 12:00")
    assert desk.response(ticket).due_at == when("Mon 10:00")
    assert desk.events(ticket) == []


def test_resuming_gives_back_the_business_time_of_the_pause(desk: Desk) -> None:
    """Friday 16:00 to Monday 10:00 is two hours of business time, and 66 by the wall clock."""
    desk.at("Fri 15:30")
    ticket = desk.enter()
    desk.at("Fri 16:00")
    desk.change(ticket, status="Waiting")
    desk.at("next Mon 10:00")
    desk.change(ticket, status="Working")
    assert desk.response(ticket).due_at == when("next Mon 10:30")
    assert desk.resolution(ticket).due_at == when("next Tue 09:30")
    assert desk.response(ticket).next_fire_at == when("next Mon 10:15")


def test_a_pause_over_the_night_costs_nothing(desk: Desk) -> None:
    desk.at("Mon 12:00")
    ticket = desk.enter()
    desk.at("Mon 20:00")
    desk.change(ticket, status="Waiting")
    desk.at("Tue 08:00")
    desk.change(ticket, status="Working")
    assert desk.resolution(ticket).due_at == when("Tue 12:00")


def test_awaiting_the_client(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, response_state="awaiting_client")
    assert states(desk, ticket) == {"paused"}
    desk.at("Mon 11:00")
    desk.change(ticket, response_state="awaiting_internal")
    assert states(desk, ticket) == {"running"}
    assert desk.response(ticket).due_at == when("Mon 12:00")


def test_awaiting_the_client_when_the_desk_does_not_pause_for_it(desk: Desk) -> None:
    desk.set(pause_on_awaiting_client=False)
    ticket = desk.enter()
    desk.change(ticket, response_state="awaiting_client")
    assert (states(desk, ticket), desk.pauses(ticket)) == ({"running"}, [])


def test_by_hand(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute("select sla.pause(%s)", [ticket])
    desk.at("Mon 10:00")
    desk.db.execute("select sla.pause(%s)", [ticket])
    assert desk.pauses(ticket) == [("manual", when("Mon 09:00"), None)]
    desk.at("Mon 11:00")
    desk.db.execute("select sla.resume(%s)", [ticket])
    desk.db.execute("select sla.resume(%s)", [ticket])
    assert desk.pauses(ticket) == [("manual", when("Mon 09:00"), when("Mon 11:00"))]
    assert desk.response(ticket).due_at == when("Mon 12:00")


def test_clocks_pause_on_the_union_of_the_reasons(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:10")
    desk.change(ticket, status="Waiting")
    desk.at("Mon 10:10")
    desk.change(ticket, response_state="awaiting_client")
    desk.at("Mon 11:10")
    desk.change(ticket, status="Working")
    assert states(desk, ticket) == {"paused"}
    assert desk.response(ticket).paused_at == when("Mon 09:10")
    desk.at("Mon 12:10")
    desk.change(ticket, response_state=None)
    assert desk.response(ticket).due_at == when("Mon 13:00")
    assert desk.pauses(ticket) == [
        ("status", when("Mon 09:10"), when("Mon 11:10")),
        ("awaiting_client", when("Mon 10:10"), when("Mon 12:10")),
    ]


def test_resume_ends_only_the_pause_by_hand(desk: Desk) -> None:
    ticket = desk.enter(status="Waiting")
    desk.db.execute("select sla.pause(%s)", [ticket])
    desk.db.execute("select sla.resume(%s)", [ticket])
    assert states(desk, ticket) == {"paused"}


def test_leaving_the_status_does_not_end_the_pause_by_hand(desk: Desk) -> None:
    ticket = desk.enter(status="Waiting")
    desk.db.execute("select sla.pause(%s)", [ticket])
    desk.change(ticket, status="Working")
    assert states(desk, ticket) == {"paused"}


def test_a_pause_exactly_at_a_crossing_settles_it_first(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:00")
    desk.change(ticket, status="Waiting")
    response = desk.response(ticket)
    assert (response.state, response.met, response.breached_at) == ("paused", False, when("Mon 10:00"))
    assert desk.crossed(ticket, "response")[-1] == (100, when("Mon 10:00"))


def test_pauses_are_kept_for_tickets_without_clocks(desk: Desk) -> None:
    """Given a target later, the clock knows of them."""
    desk.at("Mon 09:00")
    ticket = desk.enter(priority="Stray")
    desk.change(ticket, status="Waiting")
    desk.at("Mon 11:00")
    desk.change(ticket, status="Working")
    assert desk.pauses(ticket) == [("status", when("Mon 09:00"), when("Mon 11:00"))]
    desk.change(ticket, priority="Normal")
    assert desk.response(ticket).due_at == when("Mon 12:00")


def test_a_completed_clock_never_pauses(desk: Desk) -> None:
    ticket = desk.enter()
    desk.reply(ticket)
    desk.change(ticket, status="Waiting")
    assert (desk.response(ticket).state, desk.resolution(ticket).state) == ("completed", "paused")


def test_a_pause_never_runs_backwards(desk: Desk) -> None:
    """A transaction that began before the last transition takes effect at it."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:30")
    desk.change(ticket, status="Waiting")
    desk.at("Mon 10:00")
    desk.change(ticket, status="Working")
    assert desk.pauses(ticket) == [("status", when("Mon 10:30"), when("Mon 10:30"))]


@pytest.mark.parametrize("reason", ["status", "lunch", None])
def test_only_manual_can_be_given_by_hand(desk: Desk, reason: str | None) -> None:
    ticket = desk.enter()
    with pytest.raises(psycopg.Error, match="cannot be given by hand") as caught:
        desk.db.execute("select sla.pause(%s, %s)", [ticket, reason])
    assert caught.value.sqlstate == "SL014"


def test_the_minutes_paused_are_kept_by_the_wall_clock(desk: Desk) -> None:
    desk.at("Fri 16:00")
    ticket = desk.enter(status="Waiting")
    desk.at("next Mon 10:00")
    desk.change(ticket, status="Working")
    minutes = desk.value("select total_pause_minutes from sla.ticket_status where ticket_id = %s", ticket)
    assert minutes == 66 * 60
