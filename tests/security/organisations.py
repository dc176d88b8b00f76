"""An organisation's desk with at least one row in every table that has a tenant."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

FIRST = UUID("00000000-0000-0000-0000-000000000001")
SECOND = UUID("22222222-2222-2222-2222-222222222222")

# Around the clock, answer in 2 h, resolve in 20 h: a ticket entered three hours ago is overdue, and its
# escalation came; one entered 18 hours ago is at risk of being resolved too late as well.
DESK = """
insert into helpdesk.users (name, email) values ('Ann', 'ann@example.com');
insert into helpdesk.clients (name) values ('Client');
insert into helpdesk.boards (name, manager_user_id)
select 'Board', user_id from helpdesk.users where tenant_id = helpdesk.current_tenant();
insert into helpdesk.priorities (name) values ('Only');
insert into helpdesk.statuses (name, is_closed) values ('Open', false), ('Waiting', false), ('Done', true);
insert into sla.status_pause_config (status_id)
select status_id from helpdesk.statuses where tenant_id = helpdesk.current_tenant() and name = 'Waiting';
insert into sla.schedules (name, timezone) values ('Office', 'Europe/Amsterdam');
insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)
select schedule_id, 1, '09:00', '17:00' from sla.schedules where tenant_id = helpdesk.current_tenant();
insert into sla.holidays (schedule_id, name, holiday_date)
select schedule_id, 'Day off', '2026-01-01' from sla.schedules where tenant_id = helpdesk.current_tenant();
insert into sla.policies (name, is_default) values ('Policy', true);
insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes)
select p.policy_id, r.priority_id, 120, 1200
from sla.policies p join helpdesk.priorities r using (tenant_id) where tenant_id = helpdesk.current_tenant();
insert into sla.notification_thresholds (policy_id, percent, notify_escalation_manager, channels)
select policy_id, 50, true, '{in_app,email}' from sla.policies where tenant_id = helpdesk.current_tenant();
insert into sla.escalation_managers (board_id, level, manager_user_id)
select b.board_id, 1, u.user_id
from helpdesk.boards b join helpdesk.users u using (tenant_id) where tenant_id = helpdesk.current_tenant();
insert into sla.channels (channel, kind, url) values ('hook', 'webhook', 'https://hooks.example.com/sla');
insert into sla.message_templates (template, body) values ('warning', 'Soon late');
insert into sla.recipient_preferences (user_id, locale)
select user_id, 'de' from helpdesk.users where tenant_id = helpdesk.current_tenant();
"""

TICKET = """
insert into helpdesk.tickets (title, priority_id, status_id, board_id, client_id, assigned_to, entered_at)
select %s, r.priority_id, s.status_id, b.board_id, c.client_id, u.user_id, now() - %s * interval '1 hour'
from helpdesk.priorities r join helpdesk.statuses s using (tenant_id) join helpdesk.boards b using (tenant_id)
join helpdesk.clients c using (tenant_id) join helpdesk.users u using (tenant_id)
where tenant_id = helpdesk.current_tenant() and s.name = %s
returning ticket_id
"""

FAILED = """
insert into sla.sweep_errors (
    tenant_id, ticket_id, first_failed_at, last_failed_at, retry_at, sqlstate, message)
values (helpdesk.current_tenant(), %s, now(), now(), now() + interval '1 hour', 'XX000', 'made up')
"""


@dataclass(frozen=True)
class Organisation:
    """What a test needs to know of a furnished tenant."""

    tenant: UUID
    ticket: UUID
    status: UUID
    schedule: UUID
    calendar: int
    policy: UUID
    board: UUID
    priority: UUID
    user: UUID


def furnish(db: psycopg.Connection[Any], tenant: UUID) -> Organisation:
    """Give the tenant its desk and a swept ticket; afterwards `db` acts for the default one."""
    db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    db.execute(DESK)
    ticket = enter(db, tenant)
    db.execute("call sla.sweep()")
    db.execute("insert into helpdesk.comments (ticket_id, author_type) values (%s, 'client')", [ticket])
    db.execute(FAILED, [enter(db, tenant, "Waiting")])
    enter(db, tenant, hours=18)
    enter(db, tenant, "Done")
    found = Organisation(
        tenant,
        ticket,
        _value(db, "select status_id from helpdesk.statuses where tenant_id = %s and name = 'Open'", tenant),
        _value(db, "select schedule_id from sla.schedules where tenant_id = %s", tenant),
        _value(db, "select calendar_id from sla.schedules where tenant_id = %s", tenant),
        _value(db, "select policy_id from sla.policies where tenant_id = %s", tenant),
        _value(db, "select board_id from helpdesk.boards where tenant_id = %s", tenant),
        _value(db, "select priority_id from helpdesk.priorities where tenant_id = %s", tenant),
        _value(db, "select user_id from helpdesk.users where tenant_id = %s", tenant),
    )
    db.execute("reset slapg.tenant_id")
    return found


def enter(db: psycopg.Connection[Any], tenant: UUID, status: str = "Open", hours: int = 3) -> UUID:
    """A ticket of a furnished tenant, entered so many hours ago; `db` acts for that tenant afterwards."""
    db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    return _value(db, TICKET, "Printer", hours, status)  # type: ignore[no-any-return]


def _value(db: psycopg.Connection[Any], query: str, *parameters: Any) -> Any:
    row = db.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]
