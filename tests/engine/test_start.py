"""Where clocks begin (semantics §2, Start, Born closed, Born paused)."""

from datetime import timedelta

import pytest

from tests.engine.desk import Desk, when

HOUR = timedelta(hours=1)


def test_both_promises_begin_at_the_entry(desk: Desk) -> None:
    desk.at("Mon 10:30")
    ticket = desk.enter(entered_at="Mon 10:00")
    response, resolution = desk.response(ticket), desk.resolution(ticket)
    assert (response.state, response.started_at, response.due_at) == (
        "running",
        when("Mon 10:00"),
        when("Mon 11:00"),
    )
    assert (resolution.state, resolution.target, resolution.due_at) == (
        "running",
        8 * HOUR,
        when("Tue 10:00"),
    )


def test_nights_and_weekends_do_not_count(desk: Desk) -> None:
    desk.at("Fri 16:30")
    assert desk.resolution(desk.enter()).due_at == when("next Mon 16:30")


def test_a_ticket_of_the_night_begins_then_and_counts_from_the_morning(desk: Desk) -> None:
    desk.at("Mon 03:00")
    response = desk.response(desk.enter())
    assert (response.started_at, response.due_at) == (when("Mon 03:00"), when("Mon 10:00"))


def test_a_target_used_up_at_closing_time_is_due_then(desk: Desk) -> None:
    desk.at("Mon 09:00")
    assert desk.resolution(desk.enter()).due_at == when("Mon 17:00")


def test_a_target_around_the_clock_knows_no_night(desk: Desk) -> None:
    desk.at("Fri 16:30")
    resolution = desk.resolution(desk.enter(priority="Anytime"))
    assert (resolution.due_at, resolution.calendar_id) == (when("Sat 00:30"), None)


def test_the_next_percent_is_known_to_the_microsecond(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(entered_at="Mon 09:00:00.000001")
    response = desk.response(ticket)
    assert (response.next_percent, response.next_fire_at) == (50, when("Mon 09:30:00.000001"))
    assert response.percents == [50, 75, 100]


def test_no_policy_no_clocks(desk: Desk) -> None:
    desk.db.execute("update sla.policies set is_default = false")
    ticket = desk.enter()
    assert desk.clocks(ticket) == []
    [entry] = desk.audit(ticket, "sla_not_started")
    assert entry["reason"] == "no_policy"


def test_a_policy_without_a_target_for_the_priority_is_not_passed_over(desk: Desk) -> None:
    """Silver has nothing for Urgent; Gold, the default, would have."""
    ticket = desk.enter(policy="Silver", priority="Urgent")
    assert desk.clocks(ticket) == []
    [entry] = desk.audit(ticket, "sla_not_started")
    assert entry["reason"] == "no_target"


def test_a_metric_without_a_target_has_no_clock(desk: Desk) -> None:
    ticket = desk.enter(priority="Low")
    assert [clock.metric for clock in desk.clocks(ticket)] == ["resolution"]


@pytest.mark.parametrize(
    ("own", "client", "board", "wins"),
    [
        ("Silver", None, None, "Silver"),
        ("Gold", "Silver", "Silver", "Gold"),
        (None, "Silver", "Gold", "Silver"),
        (None, None, "Silver", "Silver"),
        (None, None, None, "Gold"),
    ],
)
def test_the_nearest_policy_applies(
    desk: Desk, own: str | None, client: str | None, board: str | None, wins: str
) -> None:
    """The ticket's own, else its client's, its board's, else the default."""
    for table, policy in (("clients", client), ("boards", board)):
        if policy:
            query = f"update helpdesk.{table} set sla_policy_id = %s"
            desk.db.execute(query.encode(), [desk.named("sla.policies", policy)])
    ticket = desk.enter(policy=own)
    expected = desk.named("sla.policies", wins)
    assert {clock.policy_id for clock in desk.clocks(ticket)} == {expected}
    assert desk.value("select sla.resolve_policy(%s)", ticket) == expected


def test_born_closed_with_a_time_is_judged_by_it(desk: Desk) -> None:
    desk.at("Wed 12:00")
    late = desk.enter(entered_at="Mon 09:00", status="Closed", closed_at="Tue 10:00")
    response, resolution = desk.response(late), desk.resolution(late)
    assert (resolution.state, resolution.completed_at, resolution.met) == (
        "completed",
        when("Tue 10:00"),
        False,
    )
    assert (resolution.breached_at, response.met) == (when("Mon 17:00"), False)
    in_time = desk.enter(entered_at="Mon 09:00", status="Closed", closed_at="Mon 10:00")
    assert [clock.met for clock in desk.clocks(in_time)] == [True, True]


def test_born_closed_without_a_time_is_met_at_once(desk: Desk) -> None:
    desk.at("Wed 12:00")
    ticket = desk.enter(entered_at="Mon 09:00", status="Closed")
    assert [(c.state, c.completed_at, c.met) for c in desk.clocks(ticket)] == [
        ("completed", when("Mon 09:00"), True)
    ] * 2


def test_born_closed_neither_records_nor_tells(desk: Desk) -> None:
    desk.at("Wed 12:00")
    ticket = desk.enter(entered_at="Mon 09:00", status="Closed", closed_at="Wed 11:00")
    desk.sweep()
    assert (desk.events(ticket), desk.told(ticket)) == ([], [])


def test_born_in_a_pausing_status(desk: Desk) -> None:
    desk.at("Mon 10:00")
    ticket = desk.enter(status="Waiting", entered_at="Mon 09:30")
    assert {(c.state, c.paused_at, c.next_fire_at) for c in desk.clocks(ticket)} == {
        ("paused", when("Mon 09:30"), None)
    }
    assert desk.pauses(ticket) == [("status", when("Mon 09:30"), None)]


def test_born_awaiting_the_client(desk: Desk) -> None:
    ticket = desk.enter(response_state="awaiting_client")
    assert desk.response(ticket).state == "paused"
    assert [reason for reason, *_ in desk.pauses(ticket)] == ["awaiting_client"]


def test_awaiting_the_staff_pauses_nothing(desk: Desk) -> None:
    ticket = desk.enter(response_state="awaiting_internal")
    assert (desk.response(ticket).state, desk.pauses(ticket)) == ("running", [])


def test_the_start_is_audited_with_its_terms(desk: Desk) -> None:
    ticket = desk.enter(entered_at="Mon 07:00")
    [entry] = desk.audit(ticket, "sla_started")
    resolution = desk.resolution(ticket)
    assert entry["at"] == when("Mon 07:00")
    assert entry["terms"]["resolution"]["target_minutes"] == 480
    assert entry["terms"]["resolution"]["calendar_id"] == resolution.calendar_id
    assert entry["priority_id"] == str(desk.named("helpdesk.priorities", "Normal"))
