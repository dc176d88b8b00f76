"""Two organisations in one database do not meet."""

from uuid import UUID, uuid4

import psycopg
import pytest

from tests.engine.desk import Desk, when

OURS = UUID("00000000-0000-0000-0000-000000000001")

# Around the clock, for want of a schedule: answer in 2 h, resolve in 20 h, told at 50 %.
OTHER_DESK = """
    insert into helpdesk.priorities (name) values ('Only');
    insert into helpdesk.statuses (name, is_closed) values ('Open', false), ('Done', true);
    insert into helpdesk.users (name) values ('Zoe');
    insert into sla.policies (name, is_default) values ('Theirs', true);
    insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes,
                                    escalation_1_percent, escalation_2_percent, escalation_3_percent)
    select p.policy_id, r.priority_id, 120, 1200, null, null, null
    from sla.policies p, helpdesk.priorities r where p.name = 'Theirs' and r.name = 'Only';
    insert into sla.notification_thresholds (policy_id, percent)
    select policy_id, 50 from sla.policies where name = 'Theirs';
"""


def act_for(desk: Desk, tenant: UUID) -> None:
    desk.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])


@pytest.fixture
def other(desk: Desk) -> UUID:
    """A second tenant; the desk acts for the first one, and it is Monday, 09:00."""
    tenant = uuid4()
    desk.db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [tenant])
    act_for(desk, tenant)
    desk.db.execute(OTHER_DESK)
    act_for(desk, OURS)
    desk.at("Mon 09:00")
    return tenant


def enter_there(desk: Desk, other: UUID, **columns: object) -> UUID:
    act_for(desk, other)
    named = {"priority": "Only", "status": "Open", "assignee": "Zoe", "client": None, "board": None}
    ticket = desk.enter(**(named | columns))
    act_for(desk, OURS)
    return ticket


def test_each_has_its_own_default_policy(desk: Desk, other: UUID) -> None:
    here, there = desk.enter(), enter_there(desk, other)
    assert desk.response(here).due_at == when("Mon 10:00")
    assert desk.response(there).due_at == when("Mon 11:00")


def test_each_has_at_most_one(desk: Desk, other: UUID) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        desk.db.execute("update sla.policies set is_default = true where name = 'Silver'")


def test_one_without_a_schedule_counts_around_the_clock(desk: Desk, other: UUID) -> None:
    assert desk.resolution(enter_there(desk, other)).due_at == when("Tue 05:00")


def test_one_sweep_serves_both_and_tells_each_its_own_people(desk: Desk, other: UUID) -> None:
    here, there = desk.enter(), enter_there(desk, other)
    desk.sweep("Mon 10:00")
    assert desk.crossed(there, "response") == [(50, when("Mon 10:00"))]
    assert {name for name, *_ in desk.told(there)} == {"Zoe"}
    assert "Zoe" not in {name for name, *_ in desk.told(here)}
    tenants = desk.rows(
        "select distinct t.ticket_id, n.tenant_id from sla.notifications n "
        "join helpdesk.tickets t using (ticket_id)"
    )
    assert {(row.ticket_id, row.tenant_id) for row in tenants} == {(here, OURS), (there, other)}


def test_each_has_its_own_settings(desk: Desk, other: UUID) -> None:
    desk.set(pause_on_awaiting_client=False)
    here = desk.enter(response_state="awaiting_client")
    there = enter_there(desk, other, response_state="awaiting_client")
    assert (desk.response(here).state, desk.response(there).state) == ("running", "paused")


def test_edits_here_move_nothing_there(desk: Desk, other: UUID) -> None:
    there = enter_there(desk, other)
    before = desk.clocks(there)
    desk.db.execute(
        "insert into sla.holidays (name, holiday_date) values ('Strike', %s)", [when("Mon 12:00").date()]
    )
    desk.db.execute("update sla.schedules set timezone = 'Europe/London'")
    assert desk.clocks(there) == before


@pytest.mark.parametrize("call", ["pause", "cancel", "start_tracking", "resolve_policy"])
def test_a_ticket_of_theirs_is_unknown_here(desk: Desk, other: UUID, call: str) -> None:
    there = enter_there(desk, other)
    with pytest.raises(psycopg.Error, match="is unknown") as caught:
        desk.db.execute(f"select sla.{call}(%s)".encode(), [there])
    assert caught.value.sqlstate == "SL010"


def test_two_tickets_of_the_same_key_are_two_tickets(desk: Desk, other: UUID) -> None:
    """Keys are unique within a tenant only; a copied database may well share them."""
    desk.is_sound = False  # the check looks tickets up by their key alone
    ticket = desk.enter()
    enter_there(desk, other, ticket_id=ticket)
    desk.at("Mon 09:20")
    desk.db.execute(
        "update helpdesk.tickets set response_state = 'awaiting_client' "
        "where ticket_id = %s and tenant_id = %s",
        [ticket, OURS],
    )
    desk.sweep("Mon 10:00")
    query = "select tenant_id, state, due_at from sla.clocks where metric = 'response' and ticket_id = %s"
    assert {tuple(row) for row in desk.rows(query, ticket)} == {
        (OURS, "paused", when("Mon 10:00")),
        (other, "running", when("Mon 11:00")),
    }
    assert [event.tenant_id for event in desk.events(ticket)] == [other]
    desk.db.execute("delete from helpdesk.tickets where tenant_id = %s", [OURS])
    assert {row.tenant_id for row in desk.rows(query, ticket)} == {other}
