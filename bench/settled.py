"""What a sweep wrote, captured, and written once more by plain SQL: what the rows cost without any logic."""

import time
from collections.abc import Sequence

from psycopg import sql

from bench.cluster import Connection

WRITTEN = {
    "threshold_events": ("sla", "true"),
    "notifications": ("sla", "true"),
    "audit_log": ("sla", "x.event_type in ('threshold_warning', 'sla_breach', 'escalated')"),
    "ticket_resources": ("helpdesk", "true"),
}
"""Tables that a sweep inserts into: their schema, and which rows are its."""
BATCHES = 10
"""Transactions: as many as the sweep takes for 10,000 tickets."""

DUE_SQL = """
create schema {schema};
create table {due} as
select c.tenant_id, c.ticket_id, ntile({batches}) over (order by c.ticket_id) as batch
from sla.clocks c where c.next_fire_at <= now()
"""
CAPTURE_SQL = """
create table {copy} as
select d.batch, x.* from {table} x join {due} d using (tenant_id, ticket_id) where {condition}
"""
DELETE_SQL = (
    "delete from {table} x using {due} d"
    " where x.tenant_id = d.tenant_id and x.ticket_id = d.ticket_id and {condition}"
)
ADVANCE_SQL = """
update sla.clocks x set met = x.met, next_fire_at = x.next_fire_at + interval '1 microsecond' from {due} d
where x.tenant_id = d.tenant_id and x.ticket_id = d.ticket_id and d.batch = %s
"""
ESCALATE_SQL = """
update helpdesk.tickets x set escalation_level = x.escalation_level from {due} d
where x.tenant_id = d.tenant_id and x.ticket_id = d.ticket_id and d.batch = %s and x.escalated
"""
INSERT_SQL = (
    "insert into {table} ({columns}) overriding system value select {columns} from {copy} where batch = %s"
)
COLUMNS_SQL = """
select attname from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped
order by attnum
"""


def mark_due(connection: Connection, schema: str) -> None:
    """Remember in a schema of its own which tickets the next sweep settles."""
    connection.execute(_about(DUE_SQL, schema))


def capture(connection: Connection, schema: str) -> None:
    """Keep the rows that the sweep wrote about those tickets."""
    for name in WRITTEN:
        connection.execute(_about(CAPTURE_SQL, schema, name))
        connection.execute(sql.SQL("create index on {} (batch)").format(sql.Identifier(schema, name)))


def write_again(bare: Connection, schema: str) -> float:
    """Seconds in which plain SQL writes the captured rows, deleted just before, and the updates."""
    with bare.transaction():
        bare.execute("set local session_replication_role = replica")  # the audit log lets nobody delete
        for name in WRITTEN:
            bare.execute(_about(DELETE_SQL, schema, name))
    bare.execute("vacuum analyze")
    bare.execute("checkpoint")
    statements = [_about(ADVANCE_SQL, schema), _about(ESCALATE_SQL, schema)]
    statements += [_insert(bare, schema, name) for name in WRITTEN]
    began = time.perf_counter()
    for batch in range(1, BATCHES + 1):
        with bare.transaction():
            for statement in statements:
                bare.execute(statement, [batch], prepare=True)
    return time.perf_counter() - began


def _insert(bare: Connection, schema: str, name: str) -> sql.Composed:
    columns = bare.execute(COLUMNS_SQL, [f"{WRITTEN[name][0]}.{name}"]).fetchall()
    return _about(INSERT_SQL, schema, name, [column for (column,) in columns])


def _about(text: str, schema: str, name: str = "due", columns: Sequence[str] = ()) -> sql.Composed:
    """The statement about a table of `WRITTEN`, and about its copy in the schema."""
    owner, condition = WRITTEN.get(name, ("", "true"))
    return sql.SQL(text).format(
        schema=sql.Identifier(schema),
        due=sql.Identifier(schema, "due"),
        copy=sql.Identifier(schema, name),
        table=sql.Identifier(owner, name),
        condition=sql.SQL(condition),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        batches=BATCHES,
    )
