"""Everything that explains the deadlines of one ticket, read from the database; nothing is reckoned here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Ticket:
    """What the desk says about the ticket."""

    ticket_id: UUID
    ticket_number: str
    title: str
    client: str | None
    board: str | None
    priority: str | None
    ticket_status: str | None
    assignee: str | None
    sla_status: str
    pause_reason: str | None
    total_pause_minutes: Decimal
    escalation_level: int
    due_date: datetime | None
    not_tracked_because: str | None
    now: datetime


@dataclass(frozen=True)
class LedgerLine:
    """One line of the sum behind a clock."""

    kind: str
    """`counted`, `late` (counted past the due time), `ahead` (to come) or `paused`."""
    starts_at: datetime
    ends_at: datetime
    reason: str | None
    duration: timedelta
    """Business time: that counted, or that did not because of the pause."""
    total: timedelta | None
    """Business time counted so far."""


@dataclass(frozen=True)
class Percent:
    """One percent of the target, crossed or to come."""

    percent: int
    kind: str
    crosses_at: datetime | None
    is_recorded: bool
    escalation_level: int | None
    told: str | None


@dataclass(frozen=True)
class _ClockRow:
    metric: str
    cycle: int
    state: str
    policy: str
    policy_source: str
    priority: str | None
    calendar_id: int | None
    calendar_name: str | None
    timezone: str
    target: timedelta
    started_at: datetime
    due_at: datetime
    completed_at: datetime | None
    elapsed: timedelta | None
    remaining: timedelta | None
    percent: Decimal | None
    reason: str | None
    met: bool | None


@dataclass(frozen=True)
class Clock(_ClockRow):
    """One promise about the ticket, and how it stands."""

    ledger: list[LedgerLine]
    percents: list[Percent]


@dataclass(frozen=True)
class Explanation:
    """A ticket and its clocks, the older cycles of a metric first."""

    ticket: Ticket
    clocks: list[Clock]


_TICKET = """
    select v.ticket_id, v.ticket_number, v.title, v.client, v.board, v.priority, v.ticket_status, v.assignee,
        v.sla_status, v.pause_reason, v.total_pause_minutes, v.escalation_level, v.due_date,
        (
            select a.event_data ->> 'reason' from sla.audit_log a
            where a.tenant_id = v.tenant_id and a.ticket_id = v.ticket_id and a.event_type = 'sla_not_started'
            order by a.log_id desc limit 1
        ) as not_tracked_because,
        sla.now() as now
    from sla.ticket_status v
    where v.tenant_id = helpdesk.current_tenant() and v.ticket_id = sla._ticket_id(%s)
"""

_CLOCKS = """
    select s.metric, s.cycle, s.state, s.policy, sla._policy_source(c.tenant_id, c.ticket_id, c.policy_id)
            as policy_source,
        r.name as priority, c.calendar_id, h.name as calendar_name,
        coalesce(k.definition ->> 'timezone', g.timezone, 'UTC') as timezone,
        s.target, s.started_at, s.due_at, s.completed_at, s.elapsed, s.remaining, s.percent, s.reason, s.met
    from sla.status(%(ticket_id)s) s
    join sla.clocks c on c.tenant_id = helpdesk.current_tenant() and c.ticket_id = %(ticket_id)s
        and c.metric = s.metric and c.cycle = s.cycle
    left join sla.settings g on g.tenant_id = c.tenant_id
    left join sla.calendars k on k.tenant_id = c.tenant_id and k.calendar_id = c.calendar_id
    left join sla.schedules h on h.tenant_id = k.tenant_id and h.schedule_id = k.schedule_id
    left join helpdesk.priorities r on r.tenant_id = c.tenant_id and r.priority_id = c.priority_id
"""

_OF_CLOCK = """
    select x.* from sla.clocks c cross join lateral {function} x
    where c.tenant_id = helpdesk.current_tenant() and c.ticket_id = %(ticket_id)s
        and c.metric = %(metric)s and c.cycle = %(cycle)s
"""
_LEDGER = _OF_CLOCK.format(function="sla._clock_ledger(c, sla.now())")
_PERCENTS = _OF_CLOCK.format(function="sla._clock_percents(c)")


def explain(connection: Connection, ticket: str) -> Explanation:
    """The ticket with this number or id, in one snapshot.

    Raises `psycopg.Error` with SQLSTATE SL010 when there is none.
    """
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        with connection.cursor(row_factory=class_row(Ticket)) as cursor:
            found = cursor.execute(_TICKET, [ticket]).fetchone()
        assert found is not None  # sla._ticket_id raises otherwise
        with connection.cursor(row_factory=class_row(_ClockRow)) as cursor:
            rows = cursor.execute(_CLOCKS, {"ticket_id": found.ticket_id}).fetchall()
        return Explanation(found, [_with_details(connection, found.ticket_id, row) for row in rows])


def _with_details(connection: Connection, ticket_id: UUID, row: _ClockRow) -> Clock:
    key = {"ticket_id": ticket_id, "metric": row.metric, "cycle": row.cycle}
    with connection.cursor(row_factory=class_row(LedgerLine)) as cursor:
        ledger = cursor.execute(_LEDGER.encode(), key).fetchall()
    with connection.cursor(row_factory=class_row(Percent)) as cursor:
        percents = cursor.execute(_PERCENTS.encode(), key).fetchall()
    return Clock(**vars(row), ledger=ledger, percents=percents)
