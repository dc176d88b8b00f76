"""A service desk under simulated time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

SETUP = """
    insert into sla.schedules (schedule_id, name, timezone, is_default)
    values ('00000000-0000-0000-0000-0000000000a1', 'Office hours', 'UTC', true);
    insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)
    select '00000000-0000-0000-0000-0000000000a1', d, '09:00', '17:00' from generate_series(1, 5) as d;
    insert into helpdesk.priorities (priority_id, name, rank) values
        ('00000000-0000-0000-0000-0000000000b1', 'Normal', 1),
        ('00000000-0000-0000-0000-0000000000b2', 'Unpromised', 2);
    insert into sla.policies (policy_id, name, is_default)
    values ('00000000-0000-0000-0000-0000000000c1', 'Standard', true);
    insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes)
    values ('00000000-0000-0000-0000-0000000000c1', '00000000-0000-0000-0000-0000000000b1', 60, 480);
    insert into sla.notification_thresholds (policy_id, percent, channels)
    values ('00000000-0000-0000-0000-0000000000c1', 50, '{in_app}');
    insert into helpdesk.statuses (name, is_closed)
    values ('New', false), ('Waiting', false), ('Closed', true);
    insert into sla.status_pause_config (status_id)
    select status_id from helpdesk.statuses where name = 'Waiting';
    insert into helpdesk.boards (name) values ('Desk');
    insert into helpdesk.clients (name) values ('Acme');
    insert into helpdesk.users (name, email) values ('Ann', 'ann@example.com');
"""

TICKET = """
    insert into helpdesk.tickets
        (ticket_number, title, client_id, board_id, assigned_to, priority_id, status_id, entered_at)
    select %(number)s, 'Printer on fire', c.client_id, b.board_id, u.user_id, p.priority_id, s.status_id,
        sla.now()
    from helpdesk.clients c, helpdesk.boards b, helpdesk.users u, helpdesk.priorities p, helpdesk.statuses s
    where p.name = %(priority)s and s.name = %(status)s
    returning ticket_id
"""


class Desk:
    """Monday is 7 March 2016."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        self.at("Mon 08:00")
        db.execute(SETUP)

    def at(self, when: str) -> datetime:
        """Move the simulated time, like `Mon 09:30`; `next Mon 09:30` is a week later."""
        name, time = when.removeprefix("next ").split(" ", 1)
        day = 7 + ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(name)
        day += 7 * when.startswith("next ")
        now = datetime.fromisoformat(f"2016-03-{day:02} {time}").replace(tzinfo=UTC)
        self.db.execute("select set_config('slapg.now', %s, false)", [now.isoformat()])
        return now

    def enter(self, number: str = "1", status: str = "New", priority: str = "Normal") -> UUID:
        found = self.db.execute(TICKET, {"number": number, "status": status, "priority": priority}).fetchone()
        assert found is not None
        return found[0]  # type: ignore[no-any-return]

    def move(self, ticket_id: UUID, status: str) -> None:
        self.db.execute(
            "update helpdesk.tickets set status_id = ("
            "    select status_id from helpdesk.statuses where name = %s) where ticket_id = %s",
            [status, ticket_id],
        )

    def reply(self, ticket_id: UUID) -> None:
        self.db.execute(
            "insert into helpdesk.comments (ticket_id, author_type, created_at) "
            "values (%s, 'internal', sla.now())",
            [ticket_id],
        )

    def sweep(self) -> None:
        self.db.execute("call sla.sweep()")

    def row(self, query: str, *values: Any) -> tuple[Any, ...]:
        [found] = self.db.execute(query.encode(), values).fetchall()
        return found  # type: ignore[no-any-return]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.db.execute(query.encode(), values).fetchall()

    def sla_status(self, ticket_id: UUID) -> str:
        return str(self.row("select sla_status from sla.ticket_status where ticket_id = %s", ticket_id)[0])
