"""The reporting views of schema `sla` as tables to select from; `\\d+ sla.NAME` says what each column means.

session.execute(select(views.ticket_status).where(views.ticket_status.c.sla_status == "at_risk"))
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Interval,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(schema="sla")

_TYPES: dict[str, TypeEngine[Any]] = {
    "bigint": BigInteger(),
    "boolean": Boolean(),
    "date": Date(),
    "integer": Integer(),
    "interval": Interval(),
    "numeric": Numeric(),
    "smallint": SmallInteger(),
    "text": Text(),
    "timestamptz": DateTime(timezone=True),
    "uuid": Uuid(),
}


def _view(name: str, columns: str) -> Table:
    """A view whose columns are written as SQL writes them: `name type, name type`."""
    pairs = (definition.split() for definition in columns.split(","))
    return Table(name, metadata, *(Column(column, _TYPES[kind]) for column, kind in pairs))


average_times = _view(
    "average_times",
    """
    tenant_id uuid, policy_id uuid, policy text, priority_id uuid, priority text, rank integer,
    metric text, completed bigint, average_elapsed interval, median_elapsed interval,
    average_wall_clock interval, average_percent numeric
    """,
)

breaches_by_client = _view(
    "breaches_by_client",
    """
    tenant_id uuid, client_id uuid, client text, metric text, tracked bigint, breached bigint,
    breached_open bigint, breach_percent numeric, last_breached_at timestamptz
    """,
)

breaches_by_priority = _view(
    "breaches_by_priority",
    """
    tenant_id uuid, priority_id uuid, priority text, metric text, tracked bigint, breached bigint,
    breached_open bigint, breach_percent numeric, last_breached_at timestamptz
    """,
)

breaches_by_technician = _view(
    "breaches_by_technician",
    """
    tenant_id uuid, assigned_to uuid, technician text, metric text, tracked bigint, breached bigint,
    breached_open bigint, breach_percent numeric, last_breached_at timestamptz
    """,
)

compliance = _view(
    "compliance",
    """
    tenant_id uuid, day date, policy_id uuid, policy text, priority_id uuid, priority text,
    board_id uuid, board text, client_id uuid, client text, assigned_to uuid, assignee text,
    metric text, tracked bigint, met bigint, breached bigint, open bigint, breached_open bigint
    """,
)

compliance_summary = _view(
    "compliance_summary",
    """
    tenant_id uuid, policy_id uuid, policy text, priority_id uuid, priority text, rank integer,
    metric text, tracked bigint, met bigint, breached bigint, open bigint, compliance_percent numeric
    """,
)

compliance_trend = _view(
    "compliance_trend",
    """
    tenant_id uuid, week date, metric text, tracked bigint, met bigint, breached bigint, open bigint,
    compliance_percent numeric, change numeric
    """,
)

health = _view(
    "health",
    """
    check_name text, state text, detail text, hint text
    """,
)

notification_queue = _view(
    "notification_queue",
    """
    tenant_id uuid, notification_id bigint, ticket_id uuid, ticket_number text, title text,
    template text, channel text, recipient text, recipient_email text, state text, attempts smallint,
    created_at timestamptz, next_attempt_at timestamptz, overdue interval, last_error text
    """,
)

recent_breaches = _view(
    "recent_breaches",
    """
    tenant_id uuid, ticket_id uuid, ticket_number text, title text, metric text, cycle smallint,
    breached_at timestamptz, due_at timestamptz, completed_at timestamptz, is_open boolean, policy text,
    priority text, board text, client text, assignee text, escalation_level smallint
    """,
)

sweep_history = _view(
    "sweep_history",
    """
    run_id bigint, started_at timestamptz, finished_at timestamptz, duration interval, settled integer,
    recorded integer, failed integer
    """,
)

ticket_status = _view(
    "ticket_status",
    """
    tenant_id uuid, ticket_id uuid, ticket_number text, title text, client text, board text,
    priority text, ticket_status text, assignee text, policy text, sla_status text, paused boolean,
    pause_reason text, response_state text, response_due_at timestamptz,
    response_completed_at timestamptz, response_met boolean, response_remaining interval,
    response_percent numeric, resolution_state text, resolution_due_at timestamptz,
    resolution_completed_at timestamptz, resolution_met boolean, resolution_remaining interval,
    resolution_percent numeric, total_pause_minutes numeric, escalation_level smallint,
    escalated_at timestamptz, entered_at timestamptz, closed_at timestamptz, due_date timestamptz,
    client_id uuid, board_id uuid, priority_id uuid, assigned_to uuid, policy_id uuid
    """,
)

ticket_timeline = _view(
    "ticket_timeline",
    """
    tenant_id uuid, ticket_id uuid, at timestamptz, place bigint, source text, event_type text,
    metric text, words text, actor text, recorded_at timestamptz, cycle smallint, percent smallint,
    reason text
    """,
)

tickets_at_risk = _view(
    "tickets_at_risk",
    """
    tenant_id uuid, ticket_id uuid, ticket_number text, title text, metric text, cycle smallint,
    due_at timestamptz, remaining interval, percent numeric, policy text, priority text, board text,
    client text, assignee text, escalation_level smallint
    """,
)

unread_notifications = _view(
    "unread_notifications",
    """
    tenant_id uuid, user_id uuid, notification_id bigint, ticket_id uuid, ticket_number text, title text,
    template text, metric text, percent smallint, due_at timestamptz, escalation_level smallint,
    created_at timestamptz
    """,
)
