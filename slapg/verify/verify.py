"""Asks the database to verify tickets; it recomputes and compares, this only walks through them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection[Any]

BATCH_SIZE = 500
"""Tickets that are verified in one statement: each sees one moment, and none is long."""


@dataclass(frozen=True)
class Difference:
    """One value that is not what the ticket's history amounts to; as the columns of `sla.verify`."""

    ticket_number: str
    ticket_id: UUID
    metric: str | None
    cycle: int | None
    what: str
    recorded: str | None
    recomputed: str | None


@dataclass(frozen=True)
class Batch:
    """What came of some tickets."""

    tickets: int
    differences: list[Difference]


_DIFFERENCES = """
    select t.ticket_number, v.ticket_id, v.metric, v.cycle, v.what, v.recorded, v.recomputed
    from sla.verify_tickets(%s) v
    join helpdesk.tickets t on t.tenant_id = helpdesk.current_tenant() and t.ticket_id = v.ticket_id
    order by t.ticket_number, v.metric nulls first, v.cycle, v.what
"""
_FOLLOWING = """
    select ticket_id from helpdesk.tickets
    where tenant_id = helpdesk.current_tenant() and ticket_id > %s
    order by ticket_id limit %s
"""
_COUNT = "select count(*) from helpdesk.tickets where tenant_id = helpdesk.current_tenant()"


def verify_one(connection: Connection, ticket: str) -> Batch:
    """Verify the ticket with this number or id; `psycopg.Error` with SQLSTATE SL010 when there is none."""
    found = connection.execute("select sla._ticket_id(%s)", [ticket]).fetchone()
    assert found is not None
    return _verify(connection, [found[0]])


def verify_all(connection: Connection) -> Iterator[Batch]:
    """Verify every ticket of the current tenant, batch by batch; each batch sees a moment of its own."""
    last = UUID(int=0)
    while batch := connection.execute(_FOLLOWING, [last, BATCH_SIZE]).fetchall():
        last = batch[-1][0]
        yield _verify(connection, [row[0] for row in batch])


def count_tickets(connection: Connection) -> int:
    """How many tickets the current tenant has."""
    found = connection.execute(_COUNT).fetchone()
    assert found is not None
    return int(found[0])


def _verify(connection: Connection, ticket_ids: Sequence[UUID]) -> Batch:
    with connection.cursor(row_factory=class_row(Difference)) as cursor:
        return Batch(len(ticket_ids), cursor.execute(_DIFFERENCES, [ticket_ids]).fetchall())
