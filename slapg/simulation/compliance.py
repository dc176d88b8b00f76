"""Asks the database for compliance then and now; nothing is reckoned here but the sums of columns."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from slapg.errors import SlapgError
from slapg.simulation.scenario import Scenario

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Compliance:
    """A row of `sla.simulate`: clocks met, missed and open as recorded, and as they would have been."""

    priority_id: UUID | None
    priority: str | None
    metric: str
    recorded_met: int
    recorded_missed: int
    recorded_open: int
    recorded_percent: Decimal | None
    simulated_met: int
    simulated_missed: int
    simulated_open: int
    simulated_percent: Decimal | None


@dataclass(frozen=True)
class Change:
    """A clock with another outcome than the recorded one; None: nothing is promised."""

    ticket_number: str
    metric: str
    cycle: int
    priority: str | None
    completed_at: datetime | None
    recorded_due_at: datetime | None
    recorded_outcome: str | None
    simulated_due_at: datetime | None
    simulated_outcome: str | None


_ARGUMENTS = """
    coalesce(%(starts)s::timestamptz, sla.now() - interval '30 days'),
    coalesce(%(ends)s::timestamptz, sla.now()),
    %(targets)s::jsonb, %(policy_id)s::uuid, %(schedule_id)s::uuid, %(openings)s::jsonb,
    %(pause_status_ids)s::uuid[], %(pause_on_awaiting_client)s::boolean, %(of_policy_id)s::uuid
"""
_COMPLIANCE = f"select * from sla.simulate({_ARGUMENTS})"
_CHANGES = f"""
    select t.ticket_number, s.metric, s.cycle, p.name as priority, s.completed_at, s.recorded_due_at,
        s.recorded_outcome, s.simulated_due_at, s.simulated_outcome
    from sla.simulate_tickets({_ARGUMENTS}) s
    join helpdesk.tickets t on t.tenant_id = helpdesk.current_tenant() and t.ticket_id = s.ticket_id
    left join helpdesk.priorities p on p.tenant_id = t.tenant_id and p.priority_id = s.priority_id
    where s.recorded_outcome is distinct from s.simulated_outcome
    order by t.entered_at, t.ticket_number, s.metric desc, s.cycle
"""
_IDS = {
    "policy": "select policy_id from sla.policies where archived_at is null and name = %s",
    "schedule": "select schedule_id from sla.schedules where archived_at is null and name = %s",
    "status": "select status_id from helpdesk.statuses where name = %s",
}
_OF_TENANT = " and tenant_id = helpdesk.current_tenant()"


def compliance(connection: Connection, scenario: Scenario) -> list[Compliance]:
    """By priority and metric. Raises `SlapgError` (wrong use) for a name that is unknown."""
    with connection.cursor(row_factory=class_row(Compliance)) as cursor:
        return cursor.execute(_COMPLIANCE.encode(), _parameters(connection, scenario)).fetchall()


def changes(connection: Connection, scenario: Scenario) -> list[Change]:
    """The clocks that would have come out otherwise, the oldest tickets first."""
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(_CHANGES.encode(), _parameters(connection, scenario)).fetchall()


def _parameters(connection: Connection, scenario: Scenario) -> dict[str, Any]:
    """Names become ids; boards may have statuses of the same name, and all of them are meant."""
    parameters = scenario.parameters()
    for kind, name in (("policy", "policy"), ("schedule", "schedule"), ("policy", "of_policy")):
        named = parameters[name]
        parameters[f"{name}_id"] = None if named is None else _ids(connection, kind, named)[0]
    statuses = parameters["pause_statuses"]
    parameters["pause_status_ids"] = statuses and [
        status for named in statuses for status in _ids(connection, "status", named)
    ]
    if statuses == []:
        parameters["pause_status_ids"] = []
    return parameters


def _ids(connection: Connection, kind: str, name: str) -> list[UUID]:
    found = connection.execute((_IDS[kind] + _OF_TENANT).encode(), [name]).fetchall()
    if not found:
        raise SlapgError(
            f'there is no {kind} "{name}"', hint="names are written as in the database", exit_code=2
        )
    return [row[0] for row in found]
