"""A service desk under simulated time, whose deadlines can be reckoned in the head.

Open Monday to Friday 09:00 to 17:00 in Amsterdam. The default policy Gold promises

    Normal   answer in 1 h, resolve in 8 h (a working day)      told at 50, 75 and 100 %
    Urgent   answer in 30 min, resolve in 4 h, escalated at 70, 90 and 110 %
    Low      resolve in 16 h, no answer promised
    Anytime  answer in 1 h, resolve in 8 h around the clock
    Stray    nothing

and Silver promises Normal an answer in 2 h and a resolution in 16 h.
"""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FIRST_MONDAY = 2  # of February 2026: no change of clocks anywhere near

SETUP = """
    insert into sla.schedules (name, timezone, is_default) values ('Office', 'Europe/Amsterdam', true);
    insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)
    select schedule_id, d, '09:00', '17:00' from sla.schedules, generate_series(1, 5) as d;

    insert into helpdesk.priorities (name, rank)
    values ('Urgent', 1), ('Normal', 2), ('Low', 3), ('Anytime', 4), ('Stray', 5);
    insert into sla.policies (name, is_default) values ('Gold', true), ('Silver', false);
    insert into sla.policy_targets (
        policy_id, priority_id, response_minutes, resolution_minutes,
        escalation_1_percent, escalation_2_percent, escalation_3_percent, is_24x7)
    select p.policy_id, r.priority_id, t.response, t.resolution, t.l1, t.l2, t.l3, t.around_the_clock
    from (values
        ('Gold', 'Urgent', 30, 240, 70, 90, 110, false),
        ('Gold', 'Normal', 60, 480, null, null, null, false),
        ('Gold', 'Low', null, 960, null, null, null, false),
        ('Gold', 'Anytime', 60, 480, null, null, null, true),
        ('Silver', 'Normal', 120, 960, null, null, null, false)
    ) as t (policy, priority, response, resolution, l1, l2, l3, around_the_clock)
    join sla.policies p on p.name = t.policy
    join helpdesk.priorities r on r.name = t.priority;
    insert into sla.notification_thresholds (
        policy_id, percent, notify_board_manager, notify_escalation_manager, channels)
    select p.policy_id, t.percent, t.board_manager, t.escalation_manager, t.channels
    from sla.policies p, (values
        (50, false, false, '{in_app}'::text[]),
        (75, true, false, '{in_app}'),
        (100, true, true, '{in_app,email}')
    ) as t (percent, board_manager, escalation_manager, channels)
    where p.name = 'Gold';

    insert into helpdesk.statuses (name, is_closed)
    values ('New', false), ('Working', false), ('Waiting', false), ('Closed', true), ('Archived', true);
    insert into sla.status_pause_config (status_id)
    select status_id from helpdesk.statuses where name = 'Waiting';
    insert into helpdesk.users (name, email)
    select name, lower(name) || '@example.com' from unnest('{Ann,Bea,Eva,Leo,Max}'::text[]) as name;
    insert into helpdesk.boards (name, manager_user_id)
    select b.name, u.user_id from helpdesk.users u, (values ('Desk'), ('Lab')) as b (name)
    where u.name = 'Bea';
    insert into sla.escalation_managers (board_id, level, manager_user_id, notify_via)
    select b.board_id, m.level, u.user_id, '{in_app,email}'
    from (values ('Eva', 1), ('Leo', 2), ('Max', 3)) as m (name, level)
    join helpdesk.users u on u.name = m.name
    join helpdesk.boards b on b.name = 'Desk';
    insert into helpdesk.clients (name) values ('Acme'), ('Zenith');
"""

# What a test calls a field, with the table that its names are looked up in; other fields are columns.
NAMED = {
    "priority": ("priority_id", "helpdesk.priorities"),
    "status": ("status_id", "helpdesk.statuses"),
    "board": ("board_id", "helpdesk.boards"),
    "client": ("client_id", "helpdesk.clients"),
    "assignee": ("assigned_to", "helpdesk.users"),
    "policy": ("sla_policy_id", "sla.policies"),
}
KEYS = {
    "helpdesk.priorities": "priority_id",
    "helpdesk.statuses": "status_id",
    "helpdesk.boards": "board_id",
    "helpdesk.clients": "client_id",
    "helpdesk.users": "user_id",
    "sla.policies": "policy_id",
    "sla.schedules": "schedule_id",
}


def when(moment: str) -> datetime:
    """The local time of the desk, like `Mon 09:30` or `next Mon 09:30`."""
    day, time = moment.removeprefix("next ").split(" ")
    date = FIRST_MONDAY + DAYS.index(day) + 7 * moment.startswith("next ")
    return datetime.fromisoformat(f"2026-02-{date:02} {time}").replace(tzinfo=AMSTERDAM)


class Desk:
    """One connection to a desk of its own, with hands to work on it and eyes to look at it."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        self.is_sound = True  # a test that leaves something broken behind says so
        self.at("Mon 08:00")
        db.execute(SETUP)

    def at(self, moment: str) -> datetime:
        """It is now that time."""
        now = when(moment)
        self.db.execute("select set_config('slapg.now', %s, false)", [now.isoformat()])
        return now

    # Hands

    def enter(self, **fields: Any) -> UUID:
        """A new ticket: Normal, New, client Acme, board Desk, Ann's, entered now; fields as in `change`."""
        now = self.value("select sla.now()")
        usual = {
            "priority": "Normal",
            "status": "New",
            "board": "Desk",
            "client": "Acme",
            "assignee": "Ann",
            "entered_at": now,
        }
        columns = self.columns(usual | fields)
        query = sql.SQL("insert into helpdesk.tickets ({}) values ({}) returning ticket_id").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(sql.Placeholder() * len(columns)),
        )
        return self.value(query, *columns.values())  # type: ignore[no-any-return]

    def change(self, ticket: UUID, **fields: Any) -> None:
        """One UPDATE that sets these fields: names for priority, status, board, client, assignee, policy;
        moments like `Mon 10:00` for the columns that are instants."""
        columns = self.columns(fields)
        query = sql.SQL("update helpdesk.tickets set {} where ticket_id = %s").format(
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in columns)
        )
        self.db.execute(query, [*columns.values(), ticket])

    def columns(self, fields: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in fields.items():
            column, table = NAMED.get(name, (name, ""))
            if table and value is not None:
                value = self.named(table, value)
            elif isinstance(value, str) and (name.endswith("_at") or name == "due_date"):
                value = when(value)
            found[column] = value
        return found

    def reply(self, ticket: UUID, created_at: str | None = None, **columns: Any) -> UUID:
        """A comment; public and by the staff unless said otherwise."""
        usual = {"author_type": "internal", "is_internal": False} | columns
        return self.value(  # type: ignore[no-any-return]
            """
            insert into helpdesk.comments (ticket_id, author_type, is_internal, created_at)
            values (%s, %s, %s, coalesce(%s, sla.now())) returning comment_id
            """,
            ticket,
            usual["author_type"],
            usual["is_internal"],
            when(created_at) if created_at else None,
        )

    def set(self, **settings: Any) -> None:
        """Change settings of the tenant."""
        for name, value in settings.items():
            self.db.execute(
                sql.SQL("update sla.settings set {} = %s where tenant_id = helpdesk.current_tenant()").format(
                    sql.Identifier(name)
                ),
                [value],
            )

    def sweep(self, moment: str | None = None) -> None:
        """Run a sweep, first moving the time there."""
        if moment:
            self.at(moment)
        self.db.execute("call sla.sweep()")

    # Eyes

    def value(self, query: str | sql.Composed, *values: Any) -> Any:
        """The one value that a query finds."""
        found = self.db.execute(query, values).fetchone()  # type: ignore[arg-type]
        assert found is not None
        return found[0]

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Rows with their columns as attributes."""
        with self.db.cursor(row_factory=namedtuple_row) as cursor:
            return cursor.execute(query.encode(), values).fetchall()

    def named(self, table: str, name: str) -> UUID:
        """The key of the row with that name."""
        query = sql.SQL("select {} from {} where name = %s").format(
            sql.Identifier(KEYS[table]), sql.Identifier(*table.split("."))
        )
        return self.value(query, name)  # type: ignore[no-any-return]

    def clocks(self, ticket: UUID) -> list[Any]:
        return self.rows("select * from sla.clocks where ticket_id = %s order by metric, cycle", ticket)

    def clock(self, ticket: UUID, metric: str, cycle: int = 1) -> Any:
        [found] = [c for c in self.clocks(ticket) if (c.metric, c.cycle) == (metric, cycle)]
        return found

    def response(self, ticket: UUID) -> Any:
        return self.clock(ticket, "response")

    def resolution(self, ticket: UUID, cycle: int = 1) -> Any:
        return self.clock(ticket, "resolution", cycle)

    def ticket(self, ticket: UUID) -> Any:
        [found] = self.rows("select * from helpdesk.tickets where ticket_id = %s", ticket)
        return found

    def crossed(self, ticket: UUID, metric: str, cycle: int = 1) -> list[tuple[int, datetime]]:
        """The percents recorded, with their instants, that were not withdrawn."""
        return [
            (e.percent, e.crossed_at)
            for e in self.events(ticket)
            if (e.metric, e.cycle) == (metric, cycle) and e.withdrawn_at is None
        ]

    def events(self, ticket: UUID) -> list[Any]:
        return self.rows(
            "select * from sla.threshold_events where ticket_id = %s "
            "order by crossed_at, metric, percent, event_id",
            ticket,
        )

    def pauses(self, ticket: UUID) -> list[tuple[str, datetime, datetime | None]]:
        query = "select reason, paused_at, resumed_at from sla.pauses where ticket_id = %s order by pause_id"
        return [tuple(row) for row in self.rows(query, ticket)]

    def audit(self, ticket: UUID, event_type: str) -> list[dict[str, Any]]:
        """The event data of the entries of that type, in order, each with its effective time as `at`."""
        found = self.rows(
            "select event_data, effective_at from sla.audit_log where ticket_id = %s and event_type = %s "
            "order by log_id",
            ticket,
            event_type,
        )
        return [row.event_data | {"at": row.effective_at} for row in found]

    def told(self, ticket: UUID) -> list[tuple[str, str, str, str, int | None]]:
        """Who was told what: (name, channel, template, metric, percent), in alphabetical order."""
        found = self.rows(
            """
            select u.name, n.channel, n.template, n.payload ->> 'metric', (n.payload ->> 'percent')::int
            from sla.notifications n join helpdesk.users u using (tenant_id, user_id)
            where n.ticket_id = %s and n.state <> 'dropped'
            """,
            ticket,
        )
        return sorted((tuple(row) for row in found), key=str)
