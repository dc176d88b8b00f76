"""What a reopening does (semantics §2, Reopen)."""

from uuid import UUID

from tests.engine.desk import Desk, when


def closed_and_reopened(desk: Desk, **mode: str) -> UUID:
    """Entered on Monday at 09:00, answered, closed at 15:00, reopened on Tuesday at 11:00."""
    if mode:
        desk.set(**mode)
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.reply(ticket)
    desk.at("Mon 15:00")
    desk.change(ticket, status="Closed")
    desk.at("Tue 11:00")
    desk.change(ticket, status="Working")
    return ticket


def test_it_continues_where_it_stopped(desk: Desk) -> None:
    ticket = closed_and_reopened(desk)
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.met, resolution.completed_at) == ("running", None, None)
    assert (resolution.started_at, resolution.due_at) == (when("Mon 09:00"), when("Tue 13:00"))
    assert desk.pauses(ticket) == [("closed", when("Mon 15:00"), when("Tue 11:00"))]
    assert desk.audit(ticket, "sla_reopened")[0]["mode"] == "continue"


def test_a_breach_stands(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Tue 12:00")
    desk.change(ticket, status="Closed")
    desk.at("Wed 12:00")
    desk.change(ticket, status="Working")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.met, resolution.breached_at) == ("running", False, when("Mon 17:00"))


def test_what_was_crossed_exactly_at_the_closing_is_recorded_at_the_reopening(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 17:00")
    desk.change(ticket, status="Closed")
    assert desk.resolution(ticket).met is True
    desk.at("Tue 12:00")
    desk.change(ticket, status="Working")
    assert desk.crossed(ticket, "resolution")[-1] == (100, when("Mon 17:00"))
    assert desk.resolution(ticket).met is False


def test_it_crosses_each_percent_once(desk: Desk) -> None:
    ticket = closed_and_reopened(desk)
    desk.sweep("Tue 14:00")
    assert desk.crossed(ticket, "resolution") == [
        (50, when("Mon 13:00")),
        (75, when("Mon 15:00")),
        (100, when("Tue 13:00")),
    ]


def test_it_can_be_closed_again(desk: Desk) -> None:
    ticket = closed_and_reopened(desk)
    desk.at("Tue 12:30")
    desk.change(ticket, status="Closed")
    assert (desk.resolution(ticket).met, desk.resolution(ticket).completed_at) == (True, when("Tue 12:30"))


def test_it_restarts_with_a_fresh_target(desk: Desk) -> None:
    ticket = closed_and_reopened(desk, reopen_mode="restart")
    old, new = desk.resolution(ticket), desk.resolution(ticket, cycle=2)
    assert (old.state, old.met, old.completed_at) == ("completed", True, when("Mon 15:00"))
    assert (new.state, new.started_at, new.due_at) == ("running", when("Tue 11:00"), when("Wed 11:00"))


def test_it_restarts_in_the_pause_state_that_the_ticket_has(desk: Desk) -> None:
    desk.set(reopen_mode="restart")
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, status="Closed")
    desk.at("Mon 12:00")
    desk.change(ticket, status="Waiting")
    new = desk.resolution(ticket, cycle=2)
    assert (new.state, new.paused_at) == ("paused", when("Mon 12:00"))
    desk.at("Mon 14:00")
    desk.change(ticket, status="Working")
    assert desk.resolution(ticket, cycle=2).due_at == when("Tue 14:00")


def test_the_new_cycle_crosses_percents_of_its_own(desk: Desk) -> None:
    ticket = closed_and_reopened(desk, reopen_mode="restart")
    desk.sweep("Tue 16:00")
    assert desk.crossed(ticket, "resolution", cycle=2) == [(50, when("Tue 15:00"))]


def test_ignoring_it_the_result_stands(desk: Desk) -> None:
    ticket = closed_and_reopened(desk, reopen_mode="ignore")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.completed_at, resolution.met) == (
        "completed",
        when("Mon 15:00"),
        True,
    )
    assert len(desk.clocks(ticket)) == 2


def test_a_completed_response_stays_completed(desk: Desk) -> None:
    for mode in ("continue", "restart", "ignore"):
        ticket = closed_and_reopened(desk, reopen_mode=mode)
        assert (desk.response(ticket).state, desk.response(ticket).completed_at) == (
            "completed",
            when("Mon 09:00"),
        )


def test_a_response_paused_by_the_closing_runs_again(desk: Desk) -> None:
    for mode in ("continue", "restart", "ignore"):
        desk.set(close_completes_response=False, reopen_mode=mode)
        desk.at("Mon 09:00")
        ticket = desk.enter()
        desk.at("Mon 09:30")
        desk.change(ticket, status="Closed")
        desk.at("Mon 12:00")
        desk.change(ticket, status="Working")
        assert (desk.response(ticket).state, desk.response(ticket).due_at) == ("running", when("Mon 12:30"))


def test_the_target_is_resolved_anew(desk: Desk) -> None:
    """The target changed while the ticket was closed; the reopening takes the new one."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, status="Closed")
    desk.db.execute(
        "update sla.policy_targets set resolution_minutes = 600 "
        "where resolution_minutes = 480 and not is_24x7"
    )
    desk.at("Mon 11:00")
    desk.change(ticket, status="Working")
    assert desk.resolution(ticket).due_at == when("Tue 13:00")


def test_a_ticket_born_closed_and_missed_may_be_reopened(desk: Desk) -> None:
    """The percents that it crossed before it was closed are recorded then, once."""
    desk.at("Wed 09:00")
    ticket = desk.enter(entered_at="Mon 09:00", status="Closed", closed_at="Tue 12:00")
    assert desk.resolution(ticket).breached_at == when("Mon 17:00")
    desk.change(ticket, status="Working")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.met, resolution.breached_at) == ("running", False, when("Mon 17:00"))
    assert [percent for percent, _ in desk.crossed(ticket, "resolution")] == [50, 75, 100]
