"""Drives the real database through a history in plain SQL, under simulated time, and reads its rows back."""

import uuid
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from tests.history.configuration import DeskConfiguration
from tests.oracle import steps
from tests.oracle.desk import Desk
from tests.oracle.moments import Pause
from tests.oracle.ticket import Ticket
from tests.oracle.verdict import Clock, Crossing

COLUMNS = {
    "client": ("client_id", "client"),
    "board": ("board_id", "board"),
    "priority": ("priority_id", "priority"),
    "policy": ("sla_policy_id", "policy"),
    "status": ("status_id", "status"),
}


class DeskDriver(DeskConfiguration):
    """Writes tickets and comments at a desk, and reads what becomes of them."""

    def __init__(self, db: psycopg.Connection[Any], tenant: uuid.UUID) -> None:
        super().__init__(db, tenant)
        self.tickets: list[str] = []

    @classmethod
    def new(cls, db: psycopg.Connection[Any], desk: Desk, started_at: datetime) -> "DeskDriver":
        """A new tenant with the desk's configuration."""
        driver = cls(db, uuid.uuid4())
        driver.at(started_at)
        with db.transaction():
            driver.set_up(desk)
        return driver

    def joined(self, db: psycopg.Connection[Any]) -> "DeskDriver":
        """The same desk and tickets over another connection."""
        driver = DeskDriver(db, self.tenant)
        driver.names, driver.tickets = dict(self.names), list(self.tickets)
        return driver

    def ticket_id(self, name: str) -> uuid.UUID:
        return uuid.uuid5(self.tenant, f"ticket {name}")

    def at(self, now: datetime) -> None:
        """Simulated time, from the next statement on."""
        self.db.execute("select set_config('slapg.now', %s, false)", [now.isoformat()])

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
                self.configure(statement)

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
            select metric, cycle, state, policy_id, priority_id, target, started_at,
                case when state <> 'cancelled' then due_at end, paused_at,
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
