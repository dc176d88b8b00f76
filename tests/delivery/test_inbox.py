"""What waits for a person in the application itself."""

from typing import Any

import psycopg
import pytest

from tests.engine.desk import Desk

UNREAD = "select ticket_number, template, metric, percent, due_at from sla.unread_notifications"
READ = "select sla.mark_notifications_read(%s, %s) as read"


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    return Desk(db)


def test_everybody_has_what_he_has_not_read(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    ann, bea = (desk.named("helpdesk.users", name) for name in ("Ann", "Bea"))
    [number] = desk.rows("select ticket_number from helpdesk.tickets where ticket_id = %s", ticket)
    [due] = desk.rows("select due_at from sla.clocks where ticket_id = %s and metric = 'response'", ticket)
    for person in (ann, bea):
        [row] = desk.rows(UNREAD + " where user_id = %s", person)
        assert row == (number.ticket_number, "warning", "response", 75, due.due_at)
    assert desk.rows(READ, ann, None)[0].read == 1
    assert desk.rows(READ, ann, None)[0].read == 0, "once"
    assert desk.rows(UNREAD + " where user_id = %s", ann) == []
    assert len(desk.rows(UNREAD + " where user_id = %s", bea)) == 1


def test_one_by_one_and_only_his_own(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.sweep("Mon 09:45")
    desk.sweep("Mon 10:00")
    ann, bea = (desk.named("helpdesk.users", name) for name in ("Ann", "Bea"))
    first, second = desk.rows(
        "select notification_id from sla.unread_notifications where user_id = %s order by 1", ann
    )
    assert desk.rows(READ, bea, [first.notification_id])[0].read == 0
    assert desk.rows(READ, ann, [first.notification_id])[0].read == 1
    left = desk.rows("select notification_id from sla.unread_notifications where user_id = %s", ann)
    assert left == [second]
    [row] = desk.rows(
        "select read_at = sla.now() as now from sla.notifications where notification_id = %s", first[0]
    )
    assert row.now


def test_mail_is_not_in_the_inbox(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.sweep("Mon 10:00")
    [row] = desk.rows("select count(*) as mails from sla.notifications where channel = 'email'")
    assert row.mails > 0
    everybody = desk.rows(
        "select distinct n.channel from sla.unread_notifications u join sla.notifications n "
        "using (tenant_id, notification_id)"
    )
    assert everybody == [("in_app",)]


def test_another_tenants_inbox_is_out_of_reach(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.sweep("Mon 09:45")
    ann = desk.named("helpdesk.users", "Ann")
    [tenant] = desk.rows("insert into helpdesk.tenants (name) values ('B') returning tenant_id")
    desk.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant.tenant_id)])
    assert desk.rows(READ, ann, None)[0].read == 0
