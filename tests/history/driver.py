"""Drives the real database through a history in plain SQL, under simulated time, and reads its rows back."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from tests.oracle import steps
from tests.oracle.desk import Calendar, Desk, Policy, Target
from tests.oracle.ticket import Ticket
from tests.oracle.timeline import Pause
from tests.oracle.verdict import Clock, Crossing

COLUMNS = {
    "client": ("client_id", "client"),
    "board": ("board_id", "board"),
    "priority": ("priority_id", "priority"),
    "policy": ("sla_policy_id", "policy"),
    "status": ("status_id", "status"),
}


class DeskDriver:
    """One tenant of the database, set up as a desk; every name becomes an id within it."""

    def __init__(self, db: psycopg.Connection[Any], desk: Desk, started_at: datetime) -> None:
        self.db = db
        self.tenant = uuid.uuid4()
        self.names: dict[uuid.UUID, str] = {}
        self.tickets: list[str] = []
        self.at(started_at)
        self._enter()
        with db.transaction():
            self._set_up(desk)

    @classmethod
    def joining(cls, other: "DeskDriver", db: psycopg.Connection[Any]) -> "DeskDriver":
        """Another connection to the same desk."""
        driver = cls.__new__(cls)
        driver.db, driver.tenant = db, other.tenant
        driver.names, driver.tickets = dict(other.names), list(other.tickets)
        driver._enter()
        return driver

    def _enter(self) -> None:
        self.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(self.tenant)])

    def at(self, now: datetime) -> None:
        self.db.execute("select set_config('slapg.now', %s, false)", [now.isoformat()])

    def id(self, kind: str, name: str | None) -> uuid.UUID | None:
        if name is None:
            return None
        key = uuid.uuid5(self.tenant, f"{kind} {name}")
        self.names[key] = name
        return key

    def rows(self, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        """One INSERT of all rows."""
        if rows:
            one = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
            text = f"insert into {table} ({columns}) values " + ", ".join([one] * len(rows))
            self.db.execute(text, [value for row in rows for value in row])

    # Configuration

    def _set_up(self, desk: Desk) -> None:
        self.rows("helpdesk.tenants", "tenant_id, name", [(self.tenant, str(self.tenant))])
        settings = vars(desk.settings)
        self.db.execute(
            """
            insert into sla.settings (tenant_id, pause_on_awaiting_client, close_completes_response,
                reopen_mode, import_after)
            values (%(tenant)s, %(pause_on_awaiting_client)s, %(close_completes_response)s, %(reopen_mode)s,
                %(import_after)s)
            on conflict (tenant_id) do update set
                pause_on_awaiting_client = excluded.pause_on_awaiting_client,
                close_completes_response = excluded.close_completes_response,
                reopen_mode = excluded.reopen_mode, import_after = excluded.import_after
            """,
            {"tenant": self.tenant, **settings},
        )
        for name, calendar in desk.schedules.items():
            self._schedule(name, calendar, name == desk.default_schedule)
        self.rows(
            "helpdesk.priorities", "priority_id, name", [(self.id("priority", n), n) for n in desk.priorities]
        )
        for name, policy in desk.policies.items():
            self._policy(name, policy, name == desk.default_policy)
        for table, kind, named in (("clients", "client", desk.clients), ("boards", "board", desk.boards)):
            rows = [(self.id(kind, name), name, self.id("policy", policy)) for name, policy in named.items()]
            self.rows(f"helpdesk.{table}", f"{kind}_id, name, sla_policy_id", rows)
        statuses = desk.statuses.items()
        self.rows(
            "helpdesk.statuses",
            "status_id, name, is_closed",
            [(self.id("status", name), name, status.is_closed) for name, status in statuses],
        )
        self.rows(
            "sla.status_pause_config",
            "status_id, pauses_sla",
            [(self.id("status", name), True) for name, status in statuses if status.pauses],
        )

    def _schedule(self, name: str, calendar: Calendar | None, is_default: bool) -> None:
        zone = calendar.timezone if calendar else "UTC"
        self.rows(
            "sla.schedules",
            "schedule_id, name, timezone, is_24x7, is_default",
            [(self.id("schedule", name), name, zone, calendar is None, is_default)],
        )
        if calendar:
            self._hours(name, calendar)

    def _hours(self, name: str, calendar: Calendar) -> None:
        schedule = self.id("schedule", name)
        self.rows(
            "sla.schedule_entries",
            "schedule_id, day_of_week, start_time, end_time",
            [(schedule, row.day_of_week, wall(row.start), wall(row.end)) for row in calendar.entries],
        )
        self.rows(
            "sla.holidays",
            "schedule_id, name, holiday_date, is_recurring, start_time, end_time",
            [
                (schedule, "holiday", row.day, row.is_recurring, *part_of_day(row.start, row.end))
                for row in calendar.holidays
            ],
        )

    def _policy(self, name: str, policy: Policy, is_default: bool) -> None:
        self.rows(
            "sla.policies",
            "policy_id, name, is_default, schedule_id",
            [(self.id("policy", name), name, is_default, self.id("schedule", policy.schedule))],
        )
        for priority, target in policy.targets.items():
            self._target(name, priority, target)
        self._thresholds(name, policy.thresholds)

    def _target(self, policy: str, priority: str, target: Target) -> None:
        self.db.execute(
            """
            insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes,
                escalation_1_percent, escalation_2_percent, escalation_3_percent, is_24x7)
            values (%s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (tenant_id, policy_id, priority_id) do update set
                response_minutes = excluded.response_minutes,
                resolution_minutes = excluded.resolution_minutes,
                escalation_1_percent = excluded.escalation_1_percent,
                escalation_2_percent = excluded.escalation_2_percent,
                escalation_3_percent = excluded.escalation_3_percent, is_24x7 = excluded.is_24x7
            """,
            [
                self.id("policy", policy),
                self.id("priority", priority),
                target.response,
                target.resolution,
                *target.escalation,
                target.is_24x7,
            ],
        )

    def _thresholds(self, policy: str, percents: frozenset[int]) -> None:
        rows = [(self.id("policy", policy), percent) for percent in sorted(percents)]
        self.rows("sla.notification_thresholds", "policy_id, percent", rows)

    # Statements

    def run(self, history: list[steps.Transaction]) -> None:
        for transaction in history:
            self.at(transaction.now)
            if transaction.statements == (steps.Sweep(),):
                self.db.execute("call sla.sweep()")
                continue
            with self.db.transaction():
                for statement in transaction.statements:
                    self.execute(statement)

    def execute(self, statement: steps.Statement) -> None:
        match statement:
            case steps.Insert(rows):
                self._insert(rows)
            case steps.Update():
                self._update(statement)
            case steps.Comment(rows):
                self._comment(rows)
            case steps.Publish(comment):
                self.db.execute(
                    "update helpdesk.comments set is_internal = false where comment_id = %s",
                    [self.id("comment", comment)],
                )
            case steps.Call(function, ticket):
                call = sql.SQL("select sla.{}(%s)").format(sql.Identifier(function))
                self.db.execute(call, [self.id("ticket", ticket)])
            case steps.Complete(ticket, metric, at):
                self.db.execute("select sla.complete(%s, %s, %s)", [self.id("ticket", ticket), metric, at])
            case _:
                self._configure(statement)

    def _insert(self, rows: tuple[steps.NewTicket, ...]) -> None:
        self.tickets += [row.ticket for row in rows]
        self.rows(
            "helpdesk.tickets",
            "ticket_id, entered_at, response_state, closed_at, due_date, client_id, board_id, priority_id,"
            " sla_policy_id, status_id",
            [
                (
                    self.id("ticket", row.ticket),
                    row.entered_at,
                    row.response_state,
                    row.closed_at,
                    row.due_date,
                    *(self.id(kind, getattr(row, field)) for field, (_, kind) in COLUMNS.items()),
                )
                for row in rows
            ],
        )

    def _update(self, statement: steps.Update) -> None:
        values: list[object] = []
        parts = []
        for field, value in statement.values:
            column, kind = COLUMNS.get(field, (field, None))
            parts.append(sql.SQL("{} = %s").format(sql.Identifier(column)))
            values.append(self.id(kind, str(value)) if kind and value is not None else value)
        text = sql.SQL("update helpdesk.tickets set {} where ticket_id = any(%s)").format(
            sql.SQL(", ").join(parts)
        )
        self.db.execute(text, [*values, [self.id("ticket", ticket) for ticket in statement.tickets]])

    def _comment(self, rows: tuple[steps.NewComment, ...]) -> None:
        values: list[object] = []
        parts = []
        for row in rows:
            parts.append("(%s, %s, %s, %s, " + ("default)" if row.created_at is None else "%s)"))
            values += [self.id("comment", row.comment), self.id("ticket", row.ticket)]
            values += [row.author_type, row.is_internal]
            values += [row.created_at] if row.created_at else []
        self.db.execute(
            "insert into helpdesk.comments (comment_id, ticket_id, author_type, is_internal, created_at)"
            " values " + ", ".join(parts),
            values,
        )

    def _configure(self, statement: steps.Statement) -> None:
        match statement:
            case steps.SetPausing(status, pauses):
                self.db.execute(
                    "insert into sla.status_pause_config (status_id, pauses_sla) values (%s, %s)"
                    " on conflict (tenant_id, status_id) do update set pauses_sla = excluded.pauses_sla",
                    [self.id("status", status), pauses],
                )
            case steps.SetClosed(status, is_closed):
                self.db.execute(
                    "update helpdesk.statuses set is_closed = %s where status_id = %s",
                    [is_closed, self.id("status", status)],
                )
            case steps.SetSetting(name, value):
                text = sql.SQL("update sla.settings set {} = %s where tenant_id = %s")
                self.db.execute(text.format(sql.Identifier(name)), [value, self.tenant])
            case steps.EditCalendar(schedule, calendar):
                self._edit_calendar(schedule, calendar)
            case steps.EditTarget(policy, priority, target):
                self._target(policy, priority, target)
            case steps.EditThresholds(policy, percents):
                self.db.execute(
                    "delete from sla.notification_thresholds where policy_id = %s",
                    [self.id("policy", policy)],
                )
                self._thresholds(policy, percents)
            case steps.Recalculate(policy):
                self.db.execute("select sla.recalculate(%s)", [self.id("policy", policy)])
            case _:
                raise TypeError(statement)

    def _edit_calendar(self, name: str, calendar: Calendar) -> None:
        schedule = self.id("schedule", name)
        self.db.execute("delete from sla.schedule_entries where schedule_id = %s", [schedule])
        self.db.execute("delete from sla.holidays where schedule_id = %s", [schedule])
        self.db.execute(
            "update sla.schedules set timezone = %s where schedule_id = %s", [calendar.timezone, schedule]
        )
        self._hours(name, calendar)

    # Reading

    def result(self) -> dict[str, Ticket]:
        return {name: self._ticket(name) for name in self.tickets}

    def _ticket(self, name: str) -> Ticket:
        key = [self.tenant, self.id("ticket", name)]
        (level, due_date) = self.db.execute(
            "select escalation_level, due_date from helpdesk.tickets where tenant_id = %s and ticket_id = %s",
            key,
        ).fetchone() or (None, None)
        clocks = self.db.execute(
            """
            select metric, cycle, state, policy_id, priority_id, target, started_at, due_at, paused_at,
                completed_at, breached_at, met, cancel_reason, next_percent, next_fire_at
            from sla.clocks where tenant_id = %s and ticket_id = %s order by metric = 'resolution', cycle
            """,
            key,
        ).fetchall()
        pauses = self.db.execute(
            """
            select reason, paused_at, resumed_at from sla.pauses where tenant_id = %s and ticket_id = %s
            order by reason, paused_at, resumed_at nulls last
            """,
            key,
        ).fetchall()
        crossings = self.db.execute(
            """
            select metric, cycle, percent, kind, crossed_at, escalation_level from sla.threshold_events
            where tenant_id = %s and ticket_id = %s and withdrawn_at is null order by metric, cycle, percent
            """,
            key,
        ).fetchall()
        return Ticket(
            clocks=tuple(Clock(*row[:3], self.names[row[3]], self.names[row[4]], *row[5:]) for row in clocks),
            pauses=tuple(Pause(*row) for row in pauses),
            crossings=tuple(Crossing(*row) for row in crossings),
            escalation_level=level,
            due_date=due_date,
        )

    def forget(self) -> None:
        """Delete the tickets, so that sweeps of later histories have nothing to do with them."""
        self.db.execute("delete from helpdesk.tickets where tenant_id = %s", [self.tenant])


def wall(since_midnight: timedelta) -> str:
    """A time of day as SQL reads it; 24:00 is midnight at the end."""
    minutes = since_midnight // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def part_of_day(start: timedelta, end: timedelta) -> tuple[str | None, str | None]:
    """The two times of a half-day holiday; none for the whole day."""
    if (start, end) == (timedelta(0), timedelta(days=1)):
        return None, None
    return wall(start), wall(end)


def differences(expected: dict[str, Ticket], actual: dict[str, Ticket]) -> list[str]:
    """One line for each value that is not as expected: what it is, and what it should be."""
    lines = []
    for name, ticket in expected.items():
        found = actual[name]
        for part in ("pauses", "clocks", "crossings"):
            mine, theirs = list(getattr(ticket, part)), list(getattr(found, part))
            lines += [f"{name}: expected {row}" for row in mine if row not in theirs]
            lines += [f"{name}: found    {row}" for row in theirs if row not in mine]
            if len(mine) != len(theirs) and not lines:
                lines.append(f"{name}: {len(theirs)} {part} instead of {len(mine)}")
        for field in ("escalation_level", "due_date"):
            if getattr(ticket, field) != getattr(found, field):
                lines.append(f"{name}: {field} is {getattr(found, field)}, expected {getattr(ticket, field)}")
    return lines
