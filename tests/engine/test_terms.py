"""What happens to clocks when what was promised changes under way (semantics §4)."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.engine.desk import Desk, when

HOUR = timedelta(hours=1)


def entered(desk: Desk, **fields: str) -> UUID:
    desk.at("Mon 09:00")
    return desk.enter(**fields)


def test_a_new_priority_counts_from_the_original_start(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:10")
    desk.change(ticket, priority="Urgent")
    assert (desk.response(ticket).started_at, desk.response(ticket).due_at) == (
        when("Mon 09:00"),
        when("Mon 09:30"),
    )
    assert desk.resolution(ticket).due_at == when("Mon 13:00")
    [entry] = desk.audit(ticket, "priority_changed")
    assert entry["terms"]["resolution"]["target_minutes"] == 240


def test_a_new_priority_counts_the_same_pauses(desk: Desk) -> None:
    ticket = entered(desk, status="Waiting")
    desk.at("Mon 11:00")
    desk.change(ticket, status="Working")
    desk.change(ticket, priority="Urgent")
    assert desk.resolution(ticket).due_at == when("Mon 15:00")


def test_a_higher_priority_may_be_late_already(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 15:00")
    desk.change(ticket, priority="Urgent")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.met, resolution.breached_at) == ("running", False, when("Mon 13:00"))
    assert (100, when("Mon 13:00")) in desk.crossed(ticket, "resolution")


def test_a_lower_priority_undoes_the_breach(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    desk.sweep("Mon 13:10")
    assert desk.resolution(ticket).met is False
    desk.change(ticket, priority="Normal")
    resolution = desk.resolution(ticket)
    assert (resolution.met, resolution.breached_at, resolution.next_percent) == (None, None, 75)
    # 50 % of four hours still stands: eight hours are half over by 13:00 too.
    assert desk.crossed(ticket, "resolution") == [(50, when("Mon 11:00"))]
    assert [e["metric"] for e in desk.audit(ticket, "breach_withdrawn")] == ["resolution"]


def test_what_still_holds_keeps_its_instant(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    desk.sweep("Mon 16:00")
    desk.change(ticket, priority="Normal")
    assert desk.crossed(ticket, "resolution") == [
        (50, when("Mon 11:00")),
        (70, when("Mon 11:48")),
        (75, when("Mon 12:00")),
    ]


def test_a_withdrawn_percent_may_be_crossed_again(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    desk.sweep("Mon 13:10")
    desk.change(ticket, priority="Normal")
    desk.sweep("Mon 18:00")
    assert desk.crossed(ticket, "resolution")[-1] == (100, when("Mon 17:00"))


def test_while_paused_terms_are_judged_at_the_pause(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 12:00")
    desk.change(ticket, status="Waiting")
    desk.at("Wed 12:00")
    desk.change(ticket, priority="Urgent")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.met, resolution.due_at) == ("paused", None, when("Mon 13:00"))
    assert [percent for percent, _ in desk.crossed(ticket, "resolution")] == [50, 70, 75]
    desk.change(ticket, status="Working")
    assert desk.resolution(ticket).due_at == when("Wed 13:00")


def test_a_target_gained_starts_at_the_entry(desk: Desk) -> None:
    ticket = entered(desk, priority="Stray")
    desk.at("Mon 09:40")
    desk.change(ticket, priority="Normal")
    assert [(c.metric, c.state, c.started_at) for c in desk.clocks(ticket)] == [
        ("resolution", "running", when("Mon 09:00")),
        ("response", "running", when("Mon 09:00")),
    ]
    assert desk.crossed(ticket, "response") == [(50, when("Mon 09:30"))]


def test_a_target_lost_cancels_the_clock_and_gained_revives_it(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:10")
    desk.change(ticket, priority="Low")
    response = desk.response(ticket)
    assert (response.state, response.cancel_reason, response.met) == ("cancelled", "no_target", None)
    assert desk.resolution(ticket).due_at == when("Tue 17:00")
    desk.at("Mon 09:20")
    desk.change(ticket, priority="Normal")
    response = desk.response(ticket)
    assert (response.state, response.cycle, response.due_at) == ("running", 1, when("Mon 10:00"))


def test_a_revived_clock_has_its_breach_back(desk: Desk) -> None:
    """Overdue, without a promise for a while, and promised the same again: the response stays overdue."""
    ticket = entered(desk)
    desk.sweep("Mon 10:30")
    desk.change(ticket, priority="Stray")
    assert desk.response(ticket).met is None
    desk.change(ticket, priority="Normal")
    assert (desk.response(ticket).met, desk.response(ticket).breached_at) == (False, when("Mon 10:00"))


def test_a_clock_revived_after_the_answer_is_completed_there(desk: Desk) -> None:
    ticket = entered(desk)
    desk.change(ticket, priority="Low")
    desk.at("Mon 09:30")
    desk.reply(ticket)
    desk.at("Mon 12:00")
    desk.change(ticket, priority="Normal")
    assert (desk.response(ticket).completed_at, desk.response(ticket).met) == (when("Mon 09:30"), True)
    assert desk.told(ticket) == []


def test_a_closed_ticket_that_gains_a_target_is_resolved_at_its_closing(desk: Desk) -> None:
    ticket = entered(desk, priority="Stray")
    desk.at("Mon 12:00")
    desk.change(ticket, status="Closed")
    desk.at("Thu 12:00")
    desk.change(ticket, priority="Normal")
    assert (desk.resolution(ticket).completed_at, desk.resolution(ticket).met) == (when("Mon 12:00"), True)
    assert (desk.response(ticket).completed_at, desk.response(ticket).met) == (when("Mon 12:00"), False)


def test_a_completed_clock_keeps_its_terms_and_verdict(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:50")
    desk.reply(ticket)
    desk.change(ticket, priority="Urgent")
    assert (desk.response(ticket).target, desk.response(ticket).met) == (HOUR, True)


def test_an_explicit_policy_and_back_to_the_hierarchy(desk: Desk) -> None:
    ticket = entered(desk)
    desk.change(ticket, policy="Silver")
    assert desk.resolution(ticket).due_at == when("Tue 17:00")
    assert len(desk.audit(ticket, "policy_changed")) == 1
    desk.change(ticket, policy=None)
    assert desk.resolution(ticket).due_at == when("Mon 17:00")


def test_nothing_to_fall_back_to_cancels(desk: Desk) -> None:
    ticket = entered(desk, policy="Silver")
    desk.db.execute("update sla.policies set is_default = false")
    desk.change(ticket, policy=None)
    assert {(c.state, c.cancel_reason) for c in desk.clocks(ticket)} == {("cancelled", "no_policy")}


@pytest.mark.parametrize(("field", "table"), [("client", "clients"), ("board", "boards")])
def test_another_client_or_board_may_mean_another_policy(desk: Desk, field: str, table: str) -> None:
    other = {"client": "Zenith", "board": "Lab"}[field]
    desk.db.execute(
        f"update helpdesk.{table} set sla_policy_id = %s where name = %s".encode(),
        [desk.named("sla.policies", "Silver"), other],
    )
    ticket = entered(desk)
    desk.change(ticket, **{field: other})
    assert {c.policy_id for c in desk.clocks(ticket)} == {desk.named("sla.policies", "Silver")}


def test_an_explicit_policy_outlives_another_client(desk: Desk) -> None:
    desk.db.execute(
        "update helpdesk.clients set sla_policy_id = %s where name = 'Zenith'",
        [desk.named("sla.policies", "Silver")],
    )
    ticket = entered(desk, policy="Gold")
    desk.change(ticket, client="Zenith")
    assert {c.policy_id for c in desk.clocks(ticket)} == {desk.named("sla.policies", "Gold")}
    assert desk.audit(ticket, "policy_changed") == []


def test_another_client_under_the_same_policy_changes_nothing(desk: Desk) -> None:
    ticket = entered(desk)
    before = desk.clocks(ticket)
    desk.at("Mon 12:00")
    desk.change(ticket, client="Zenith")
    assert [c.changed_at for c in desk.clocks(ticket)] == [c.changed_at for c in before]
    assert desk.audit(ticket, "policy_changed") == []


def test_an_entry_edited_later_is_audited_and_ignored(desk: Desk) -> None:
    ticket = entered(desk)
    desk.change(ticket, entered_at="Mon 07:00")
    desk.change(ticket, entered_at="Mon 12:00")
    assert desk.resolution(ticket).started_at == when("Mon 09:00")
    assert all("entered_at" in entry for entry in desk.audit(ticket, "ticket_changed"))
