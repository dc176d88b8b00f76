"""Who is brought in when a promise is at risk (semantics §3, Escalation).

An Urgent ticket of Monday 09:00 crosses 70, 90 and 110 % of its four hours at 11:48, 12:36 and 13:24.
"""

from uuid import UUID

from tests.engine.desk import Desk, when


def answered(desk: Desk, **fields: str) -> UUID:
    """Entered and answered on Monday at 09:00: only the resolution is left to escalate."""
    desk.at("Mon 09:00")
    ticket = desk.enter(**({"priority": "Urgent"} | fields))
    desk.reply(ticket)
    return ticket


def roles(desk: Desk, ticket: UUID) -> dict[str, str]:
    found = desk.rows(
        "select u.name, r.role from helpdesk.ticket_resources r "
        "join helpdesk.users u using (tenant_id, user_id) where r.ticket_id = %s",
        ticket,
    )
    return {row.name: row.role for row in found}


def escalations(desk: Desk, ticket: UUID) -> list[tuple[str, str]]:
    return [(name, channel) for name, channel, template, *_ in desk.told(ticket) if template == "escalation"]


def test_each_level_brings_its_manager(desk: Desk) -> None:
    ticket = answered(desk)
    desk.sweep("Mon 11:50")
    row = desk.ticket(ticket)
    assert (row.escalated, row.escalation_level, row.escalated_at) == (True, 1, when("Mon 11:48"))
    assert roles(desk, ticket) == {"Eva": "escalation_manager_L1"}
    assert escalations(desk, ticket) == [("Eva", "email"), ("Eva", "in_app")]
    [entry] = desk.audit(ticket, "escalated")
    assert (entry["level"], entry["at"]) == (1, when("Mon 11:48"))
    desk.sweep("Mon 12:36")
    assert (desk.ticket(ticket).escalation_level, desk.ticket(ticket).escalated_at) == (2, when("Mon 12:36"))


def test_the_event_names_its_level(desk: Desk) -> None:
    ticket = answered(desk)
    desk.sweep("Mon 14:00")
    levels = {event.percent: event.escalation_level for event in desk.events(ticket)}
    assert levels == {50: None, 70: 1, 75: None, 90: 2, 100: None, 110: 3}


def test_levels_passed_at_once_bring_every_manager(desk: Desk) -> None:
    ticket = answered(desk)
    desk.sweep("Mon 15:00")
    assert roles(desk, ticket) == {
        "Eva": "escalation_manager_L1",
        "Leo": "escalation_manager_L2",
        "Max": "escalation_manager_L3",
    }
    assert {name for name, _ in escalations(desk, ticket)} == {"Eva", "Leo", "Max"}
    assert (desk.ticket(ticket).escalation_level, desk.ticket(ticket).escalated_at) == (3, when("Mon 13:24"))


def test_escalation_goes_on_after_the_breach(desk: Desk) -> None:
    ticket = answered(desk)
    desk.sweep("Mon 13:00")
    assert (desk.resolution(ticket).met, desk.ticket(ticket).escalation_level) == (False, 2)
    desk.sweep("Mon 13:24")
    assert desk.ticket(ticket).escalation_level == 3


def test_a_board_without_a_manager_escalates_all_the_same(desk: Desk) -> None:
    ticket = answered(desk, board="Lab")
    desk.sweep("Mon 11:48")
    assert desk.ticket(ticket).escalation_level == 1
    [entry] = desk.audit(ticket, "escalated")
    assert (entry["level"], entry["manager_user_id"]) == (1, None)
    assert roles(desk, ticket) == {}


def test_a_ticket_without_a_board_escalates_all_the_same(desk: Desk) -> None:
    ticket = answered(desk, board=None)
    desk.sweep("Mon 11:48")
    assert desk.ticket(ticket).escalation_level == 1


def test_a_manager_of_two_levels_has_the_role_of_the_later(desk: Desk) -> None:
    desk.db.execute(
        "update sla.escalation_managers set manager_user_id = %s", [desk.named("helpdesk.users", "Eva")]
    )
    ticket = answered(desk)
    desk.sweep("Mon 11:48")
    assert roles(desk, ticket) == {"Eva": "escalation_manager_L1"}
    desk.sweep("Mon 12:36")
    assert roles(desk, ticket) == {"Eva": "escalation_manager_L2"}


def test_the_other_clock_does_not_escalate_to_the_same_level_again(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(priority="Urgent")
    desk.sweep("Mon 09:22")
    desk.sweep("Mon 11:50")
    assert [entry["level"] for entry in desk.audit(ticket, "escalated")] == [1, 2, 3]
    assert escalations(desk, ticket).count(("Eva", "in_app")) == 1


def test_the_level_is_never_lowered(desk: Desk) -> None:
    ticket = answered(desk)
    desk.sweep("Mon 13:30")
    desk.change(ticket, priority="Normal")
    assert desk.ticket(ticket).escalation_level == 3


def test_crossings_settled_by_the_completion_tell_nobody(desk: Desk) -> None:
    ticket = answered(desk)
    desk.at("Mon 12:40")
    desk.change(ticket, status="Closed")
    assert desk.ticket(ticket).escalation_level == 2
    assert roles(desk, ticket) == {"Eva": "escalation_manager_L1", "Leo": "escalation_manager_L2"}
    assert escalations(desk, ticket) == []


def test_a_level_that_the_target_leaves_out(desk: Desk) -> None:
    desk.db.execute(
        "update sla.policy_targets set escalation_2_percent = null where escalation_2_percent = 90"
    )
    ticket = answered(desk)
    desk.sweep("Mon 15:00")
    assert set(roles(desk, ticket)) == {"Eva", "Max"}
    assert desk.ticket(ticket).escalation_level == 3


def test_whoever_manages_two_levels_hears_of_the_lower_one_first(desk: Desk) -> None:
    """Levels passed at once, of tickets that were at different ones before."""
    desk.db.execute(
        """
        insert into sla.escalation_managers (board_id, level, manager_user_id, notify_via)
        select b.board_id, l, u.user_id, '{email}'
        from helpdesk.boards b, helpdesk.users u, generate_series(1, 3) as l
        where b.name = 'Lab' and u.name = 'Bea'
        """
    )
    answered(desk, board="Lab")
    desk.sweep("Mon 11:48")
    tickets = [answered(desk, board="Lab") for _ in range(3)]
    desk.sweep("Mon 14:00")
    for ticket in tickets:
        levels = desk.rows(
            "select (payload ->> 'escalation_level')::int as level from sla.notifications "
            "where ticket_id = %s and template = 'escalation' order by notification_id",
            ticket,
        )
        assert [row.level for row in levels] == [1, 2, 3]
