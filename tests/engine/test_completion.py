"""What ends a promise, and the verdict (semantics §2, Resolution, Supplied times, met)."""

import pytest

from tests.engine.desk import Desk, when


def test_closing_resolves(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 16:00")
    desk.change(ticket, status="Closed")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.completed_at, resolution.met) == (
        "completed",
        when("Mon 16:00"),
        True,
    )
    assert (resolution.next_percent, resolution.next_fire_at) == (None, None)
    assert desk.crossed(ticket, "resolution") == [(50, when("Mon 13:00")), (75, when("Mon 15:00"))]


def test_closing_answers_what_was_not_answered(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:50")
    desk.change(ticket, status="Closed")
    assert (desk.response(ticket).completed_at, desk.response(ticket).met) == (when("Mon 09:50"), True)
    [entry] = desk.audit(ticket, "response_recorded")
    assert entry["reason"] == "closed_without_response"


def test_closing_pauses_the_response_where_the_desk_wants_an_answer(desk: Desk) -> None:
    desk.set(close_completes_response=False)
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:50")
    desk.change(ticket, status="Closed")
    assert (desk.response(ticket).state, desk.response(ticket).paused_at) == ("paused", when("Mon 09:50"))
    desk.at("Mon 12:00")
    desk.reply(ticket)
    response = desk.response(ticket)
    assert (response.state, response.met, response.due_at) == ("completed", True, when("Mon 12:10"))


def test_closed_to_closed_is_no_event(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:00")
    desk.change(ticket, status="Closed")
    desk.at("Tue 10:00")
    desk.change(ticket, status="Archived", closed_at="Tue 09:00")
    assert desk.resolution(ticket).completed_at == when("Mon 10:00")
    assert desk.pauses(ticket) == [("closed", when("Mon 10:00"), None)]


def test_exactly_at_the_due_time_is_met(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 17:00")
    desk.change(ticket, status="Closed")
    resolution = desk.resolution(ticket)
    assert (resolution.met, resolution.breached_at) == (True, None)
    assert [percent for percent, _ in desk.crossed(ticket, "resolution")] == [50, 75]


def test_a_sweep_at_the_due_time_does_not_spoil_a_closing_at_it(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.sweep("Mon 17:00")
    assert desk.resolution(ticket).met is False
    desk.change(ticket, status="Closed")
    resolution = desk.resolution(ticket)
    assert (resolution.met, resolution.breached_at) == (True, None)
    assert [percent for percent, _ in desk.crossed(ticket, "resolution")] == [50, 75]


def test_after_the_night_that_follows_the_due_time_it_is_late(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Tue 08:00")
    desk.change(ticket, status="Closed")
    resolution = desk.resolution(ticket)
    assert (resolution.met, resolution.breached_at) == (False, when("Mon 17:00"))


def test_closing_a_paused_ticket_ends_the_pause_there(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 16:00")
    desk.change(ticket, status="Waiting")
    desk.at("Wed 16:00")
    desk.change(ticket, status="Closed")
    resolution = desk.resolution(ticket)
    assert (resolution.met, resolution.due_at) == (True, when("Wed 17:00"))
    assert desk.pauses(ticket)[0] == ("status", when("Mon 16:00"), when("Wed 16:00"))


def test_a_supplied_closing_time_counts(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Wed 12:00")
    desk.change(ticket, status="Closed", closed_at="Mon 16:59")
    resolution = desk.resolution(ticket)
    assert (resolution.completed_at, resolution.met) == (when("Mon 16:59"), True)


def test_a_supplied_closing_time_withdraws_what_came_after_it(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.sweep("Wed 12:00")
    assert desk.resolution(ticket).met is False
    desk.change(ticket, status="Closed", closed_at="Mon 14:00")
    assert desk.crossed(ticket, "resolution") == [(50, when("Mon 13:00"))]
    withdrawn = [
        e.percent for e in desk.events(ticket) if e.metric == "resolution" and e.withdrawn_at is not None
    ]
    assert withdrawn == [75, 100]
    [entry] = [e for e in desk.audit(ticket, "breach_withdrawn") if e["metric"] == "resolution"]
    assert entry["at"] == when("Mon 14:00")


def test_a_closing_time_set_before_the_closing_does_not_count(desk: Desk) -> None:
    """Only the closing statement's own."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, closed_at="Mon 10:00")
    desk.at("Mon 12:00")
    desk.change(ticket, status="Closed")
    assert desk.resolution(ticket).completed_at == when("Mon 12:00")


def test_a_closing_time_edited_later_is_audited_and_ignored(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Tue 12:00")
    desk.change(ticket, status="Closed")
    desk.change(ticket, closed_at="Mon 10:00")
    assert desk.resolution(ticket).completed_at == when("Tue 12:00")
    assert "closed_at" in desk.audit(ticket, "ticket_changed")[-1]


@pytest.mark.parametrize(
    ("supplied", "counts"),
    [("Mon 08:00", "Mon 10:00"), ("Mon 10:30", "Mon 11:00"), ("Fri 12:00", "Mon 12:00")],
)
def test_a_closing_time_is_clamped_and_audited(desk: Desk, supplied: str, counts: str) -> None:
    """Entered at 10:00, last transition at 11:00 (in the second case), closed at 12:00."""
    desk.at("Mon 10:00")
    ticket = desk.enter()
    if supplied == "Mon 10:30":
        desk.at("Mon 11:00")
        desk.change(ticket, status="Waiting")
    desk.at("Mon 12:00")
    desk.change(ticket, status="Closed", closed_at=supplied)
    assert desk.resolution(ticket).completed_at == when(counts)
    assert desk.audit(ticket, "ticket_changed")[-1]["clamped"] is True
    assert desk.audit(ticket, "resolution_recorded")[0]["clamped"] is True


def test_a_breach_stamps_nothing_and_the_clock_runs_on(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(priority="Urgent")
    desk.sweep("Mon 13:00")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.met, resolution.breached_at) == ("running", False, when("Mon 13:00"))
    assert (resolution.completed_at, resolution.next_percent) == (None, 110)


def test_completing_by_hand(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 12:00")
    desk.db.execute("select sla.complete(%s, 'response', %s)", [ticket, when("Mon 09:45")])
    desk.db.execute("select sla.complete(%s, 'response')", [ticket])
    assert (desk.response(ticket).completed_at, desk.response(ticket).met) == (when("Mon 09:45"), True)
    assert desk.resolution(ticket).state == "running"


def test_cancelling_ends_without_a_verdict(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.sweep("Tue 12:00")
    desk.db.execute("select sla.cancel(%s)", [ticket])
    assert {(c.state, c.met, c.next_fire_at) for c in desk.clocks(ticket)} == {("cancelled", None, None)}
    status = "select sla_status from sla.ticket_status where ticket_id = %s"
    assert desk.value(status, ticket) == "none"


def test_cancelling_is_final_until_start_tracking(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute("select sla.cancel(%s)", [ticket])
    desk.change(ticket, priority="Urgent")
    assert {c.state for c in desk.clocks(ticket)} == {"cancelled"}
    desk.at("Mon 10:00")
    desk.db.execute("select sla.start_tracking(%s)", [ticket])
    assert {c.state for c in desk.clocks(ticket)} == {"running"}
    assert desk.resolution(ticket).due_at == when("Mon 13:00")
    desk.db.execute("select sla.start_tracking(%s)", [ticket])
    assert len(desk.clocks(ticket)) == 2


def test_a_transition_by_hand_is_part_of_its_transaction(desk: Desk) -> None:
    ticket = desk.enter()
    with desk.db.transaction(force_rollback=True):
        desk.db.execute("select sla.cancel(%s)", [ticket])
    assert {c.state for c in desk.clocks(ticket)} == {"running"}
