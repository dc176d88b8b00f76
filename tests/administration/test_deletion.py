"""Deleting what is in use: reassigned when told to, with the open tickets under way."""

from tests.administration.named import names, policy, priority, refused, status
from tests.engine.desk import Desk, when


def test_a_policy_in_use_is_reassigned_with_its_open_tickets(desk: Desk) -> None:
    desk.at("Mon 09:00")
    gold, silver = policy(desk, "Gold"), policy(desk, "Silver")
    desk.db.execute("update helpdesk.clients set sla_policy_id = %s where name = 'Acme'", [gold])
    by_client, explicit, closed = desk.enter(), desk.enter(policy="Gold"), desk.enter(policy="Gold")
    desk.change(closed, status="Closed")
    state, message = refused(desk, "select sla.delete_policy(%s)", gold)
    assert state == "SL019"
    assert message.endswith("in use: 2 open tickets, client Acme, the default policy")
    desk.db.execute("select sla.delete_policy(%s, %s)", [gold, silver])
    for ticket in (by_client, explicit):
        assert (desk.resolution(ticket).policy_id, desk.resolution(ticket).due_at) == (
            silver,
            when("Tue 17:00"),
        )
    assert desk.resolution(closed).policy_id == gold
    assert desk.rows("select archived_at, is_default from sla.policies where policy_id = %s", gold)[0] == (
        when("Mon 09:00"),
        False,
    )
    assert names(desk, "select name from sla.policies where is_default") == {"Silver"}
    assert refused(desk, "select sla.update_policy(%s, '{}')", gold) == ("SL015", 'policy "Gold" is retired')


def test_a_schedule_in_use_is_reassigned_with_its_open_clocks(desk: Desk) -> None:
    desk.at("Mon 09:00")
    office = desk.named("sla.schedules", "Office")
    desk.db.execute("update sla.policies set schedule_id = %s where name = 'Silver'", [office])
    ticket, other = desk.enter(), desk.enter(policy="Silver")
    state, message = refused(desk, "select sla.delete_schedule(%s)", office)
    assert state == "SL019"
    assert message.endswith("in use: 2 open tickets, policy Silver, the default schedule")
    always = desk.value("select sla.create_schedule('Always', p_is_24x7 => true)")
    desk.db.execute("select sla.delete_schedule(%s, %s)", [office, always])
    assert desk.resolution(ticket).due_at == when("Mon 17:00")
    assert desk.resolution(other).due_at == when("Tue 01:00")
    assert names(desk, "select name from sla.schedules where archived_at is null") == {"Always"}


def test_a_status_in_use_is_reassigned_and_its_tickets_follow(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(status="Waiting")
    assert refused(desk, "select sla.delete_status(%s)", status(desk, "Waiting"))[0] == "SL019"
    desk.at("Mon 09:30")
    desk.db.execute("select sla.delete_status(%s, %s)", [status(desk, "Waiting"), status(desk, "Working")])
    assert (desk.response(ticket).state, desk.response(ticket).due_at) == ("running", when("Mon 10:30"))
    assert "Waiting" not in names(desk, "select name from helpdesk.statuses")


def test_a_priority_in_use_is_reassigned_and_promised_no_more(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(priority="Urgent")
    urgent = priority(desk, "Urgent")
    desk.db.execute("select sla.delete_priority(%s, %s)", [urgent, priority(desk, "Normal")])
    assert desk.resolution(ticket).due_at == when("Mon 17:00")
    assert desk.value("select count(*) from sla.policy_targets where priority_id = %s", urgent) == 0
    assert "Urgent" not in names(desk, "select name from helpdesk.priorities")
