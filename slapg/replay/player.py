"""Playing steps to the database under simulated time, with sweeps in between as pg_cron would run them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from slapg.replay.desk import Connection, Desk
from slapg.replay.steps import Deed, Step

SWEEP_EVERY = timedelta(minutes=5)
"""The interval of pg_cron's job."""

REPLAY_KEY = "replay"
"""Key of `tickets.attributes` that says from which log a ticket came."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_SET_TIME = "select set_config('slapg.now', %s, false)"

_ANALYZE = """
    analyze helpdesk.tickets, helpdesk.ticket_resources, sla.clocks, sla.pauses, sla.threshold_events,
        sla.notifications, sla.audit_log
"""

_FIRST_ANALYZE = 32
"""Steps; the next one comes when there are twice as many, and so on."""

_NEXT_CROSSING = "select min(c.next_fire_at) from sla.clocks c where c.next_fire_at is not null"

_OPEN = """
    insert into helpdesk.tickets (ticket_number, title, client_id, board_id, priority_id, status_id,
                                  assigned_to, entered_at, updated_at, closed_at, attributes)
    values (%(number)s, %(title)s, %(client)s, %(group)s, %(priority)s, %(state)s,
            %(assignee)s, %(opened_at)s, %(at)s, %(closed_at)s, %(attributes)s)
"""

_REPLY = """
    insert into helpdesk.comments (ticket_id, author_id, author_type, body, created_at)
    select t.ticket_id, t.assigned_to, 'internal', %(body)s, %(at)s
    from helpdesk.tickets t
    where t.tenant_id = helpdesk.current_tenant() and t.ticket_number = %(number)s
"""

_COLUMNS = {
    "state": "status_id",
    "priority": "priority_id",
    "group": "board_id",
    "assignee": "assigned_to",
}


class Player:
    """Writes the steps of one log; each five minutes of simulated time are one transaction."""

    def __init__(self, connection: Connection, desk: Desk, log_id: str) -> None:
        self._connection = connection
        self._desk = desk
        self._attributes = Jsonb({REPLAY_KEY: log_id})
        self._next_crossing: datetime | None = None
        self._swept_at: datetime | None = None
        self._played = 0
        self._analyze_at = _FIRST_ANALYZE
        self.sweeps = 0
        self.refused: list[tuple[int, str]] = []
        """Line and message of every step that the database refused."""

    def play(self, steps: Sequence[Step], report: Callable[[int, datetime], None]) -> None:
        """Play `steps`, which are in order; `report` is told the number done and the simulated time."""
        self._next_crossing = self._look_ahead()
        for tick, window in groupby(steps, key=lambda step: floor(step.at)):
            self._sweep_until(tick)
            played = list(window)
            self._play_window(played)
            self._keep_plans_fit(len(played))
            report(len(played), played[-1].at)
        if steps:
            self._sweep_until(floor(steps[-1].at) + SWEEP_EVERY)

    def _keep_plans_fit(self, played: int) -> None:
        """Renew the statistics, and with them the plans, as the tables grow.

        A replay puts months into minutes: it would go on with plans made for empty tables, for autovacuum
        comes by too seldom.
        """
        self._played += played
        if self._played >= self._analyze_at:
            self._connection.execute(_ANALYZE)
            self._analyze_at = self._played * 2

    def _sweep_until(self, end: datetime) -> None:
        """Sweep at each tick up to `end` at which something is due."""
        while self._next_crossing is not None:
            tick = max(ceiling(self._next_crossing), (self._swept_at or _EPOCH) + SWEEP_EVERY)
            if tick > end:
                return
            self._connection.execute(_SET_TIME, [tick.isoformat()])
            self._connection.execute("call sla.sweep()")
            self.sweeps += 1
            self._swept_at = tick
            before, self._next_crossing = self._next_crossing, self._look_ahead()
            if self._next_crossing == before:
                return  # a ticket that cannot be settled (sla.sweep_errors) must not hold up the rest

    def _look_ahead(self) -> datetime | None:
        found = self._connection.execute(_NEXT_CROSSING).fetchone()
        return found[0] if found else None

    def _play_window(self, steps: list[Step]) -> None:
        try:
            with self._connection.pipeline(), self._connection.transaction():
                for at, together in groupby(steps, key=lambda step: step.at):
                    self._connection.execute(_SET_TIME, [at.isoformat()])
                    for step in together:
                        self._connection.execute(*self._statement(step))
                found = self._connection.execute(_NEXT_CROSSING)
            row = found.fetchone()
            self._next_crossing = row[0] if row else None
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise
        except psycopg.Error:
            self._play_one_by_one(steps)

    def _play_one_by_one(self, steps: list[Step]) -> None:
        """Find the steps that the database refuses, and keep the others."""
        with self._connection.transaction():
            for step in steps:
                try:
                    with self._connection.transaction():
                        self._connection.execute(_SET_TIME, [step.at.isoformat()])
                        self._connection.execute(*self._statement(step))
                except psycopg.OperationalError:
                    raise
                except psycopg.Error as error:
                    self.refused.append((step.row.line, error.diag.message_primary or str(error)))
        self._next_crossing = self._look_ahead()

    def _statement(self, step: Step) -> tuple[Any, dict[str, Any]]:
        values = self._values(step)
        if step.deed is Deed.OPEN:
            return _OPEN, values
        if step.deed is Deed.REPLY:
            return _REPLY, values
        return "".join(self._update(step)).encode(), values

    def _update(self, step: Step) -> Iterator[str]:
        yield "update helpdesk.tickets set updated_at = %(at)s"
        for name in step.fields:
            yield f", {_COLUMNS[name]} = %({name})s"
        if step.closes or step.reopens:
            yield ", closed_at = %(closed_at)s"
        yield " where tenant_id = helpdesk.current_tenant() and ticket_number = %(number)s"

    def _values(self, step: Step) -> dict[str, Any]:
        row, desk = step.row, self._desk
        return {
            "number": row.number,
            "title": row.title,
            "client": desk.clients.get(row.location or ""),
            "group": desk.boards.get(row.group or ""),
            "priority": desk.priorities[row.level],
            "state": desk.statuses[row.state],
            "assignee": desk.users.get(row.assignee or ""),
            "opened_at": row.opened_at,
            "at": row.at,
            "closed_at": row.at if step.closes else None,
            "body": f"(read from the log: {row.state})",
            "attributes": self._attributes,
        }


def floor(at: datetime) -> datetime:
    """The last sweep at or before `at`."""
    return at - (at - _EPOCH) % SWEEP_EVERY


def ceiling(at: datetime) -> datetime:
    """The first sweep at or after `at`."""
    return at + (_EPOCH - at) % SWEEP_EVERY
