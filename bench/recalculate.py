"""Edits of business hours under many open clocks: all are counted anew in the transaction of the edit.

The baseline writes the very rows that the edit wrote (clocks, due dates, audit entries) with the triggers
off, from copies: what remains between the two is what slapg decides and computes.
"""

import time
from collections.abc import Iterator

from bench.cluster import Connection, connect, private_cluster
from bench.desk import furnish, statement
from bench.result import Result

CLOCKS = 100_000
QUICK_CLOCKS = 10_000
TARGET_SECONDS = 20.0
EDITS = {
    "a holiday next week": (
        "insert into sla.holidays (name, holiday_date) select 'Strike', current_date + 7 + d"
        " from generate_series(0, 2) as d"
    ),
    "another hour in the morning": "update sla.schedule_entries set start_time = '08:00'",
    "an hour less, of days gone by as well": "update sla.schedule_entries set end_time = '16:00'",
}
REMEMBER_SQL = """
create schema if not exists bench;
drop table if exists bench.clocks_before, bench.clocks_after, bench.audit_before;
create table bench.clocks_before as table sla.clocks;
create table bench.audit_before as select max(log_id) as log_id from sla.audit_log;
"""
CAPTURE_SQL = """
create table bench.clocks_after as
select a.* from sla.clocks a join bench.clocks_before b using (tenant_id, ticket_id, metric, cycle)
where a.calendar_id is distinct from b.calendar_id;
alter table bench.clocks_after add primary key (tenant_id, ticket_id, metric, cycle);
analyze bench.clocks_after
"""
PLAIN_SQL = (
    """
    update sla.clocks c
    set calendar_id = a.calendar_id, crossings = a.crossings, due_at = a.due_at, changed_at = a.changed_at,
        next_percent = a.next_percent, next_fire_at = a.next_fire_at, breached_at = a.breached_at, met = a.met
    from bench.clocks_after a
    where (c.tenant_id, c.ticket_id, c.metric, c.cycle) = (a.tenant_id, a.ticket_id, a.metric, a.cycle)
    """,
    """
    update helpdesk.tickets t set due_date = a.due_at
    from bench.clocks_after a
    where a.keeps_due_date and t.tenant_id = a.tenant_id and t.ticket_id = a.ticket_id
    """,
    """
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select l.tenant_id, l.ticket_id, l.event_type, l.event_data, l.effective_at, l.actor, l.created_at
    from sla.audit_log l, bench.audit_before b where l.log_id > b.log_id
    """,
)


def run(quick: bool) -> Iterator[Result]:
    """Seconds from the edit to its commit, beside the plain writing of the same rows."""
    clocks = QUICK_CLOCKS if quick else CLOCKS
    with private_cluster({"shared_buffers": "512MB"}) as cluster, connect(cluster) as connection:
        furnish(connection)
        _open(connection, clocks)
        for name, edit in EDITS.items():
            connection.execute(REMEMBER_SQL)
            taken = _timed(connection, edit)
            connection.execute(CAPTURE_SQL)
            moved = _count(connection, "select count(*) from bench.clocks_after")
            if moved != clocks:
                raise SystemExit(f"{moved} clocks moved to the new hours, not {clocks}")
            plain = _plain(connection)
            yield Result(
                f"hours edited under {clocks:,} open clocks: {name}",
                f"{taken:.1f} s",
                f"the same rows, plainly {plain:.1f} s",
                f"{taken / clocks * 1e6:.0f} µs a clock",
                f"≤ {TARGET_SECONDS:g} s",
                taken <= TARGET_SECONDS,
            )


def _open(connection: Connection, clocks: int) -> None:
    """Tickets of the last five days, swept: what was crossed so far is recorded."""
    for part in statement("open_tickets.sql").split(";"):
        if part.strip():
            connection.execute(part, {"tickets": clocks // 2})
    while _count(connection, "select count(*) from sla.clocks where next_fire_at <= now()"):
        connection.execute("call sla.sweep()")
    connection.execute("vacuum analyze")


def _timed(connection: Connection, edit: str) -> float:
    connection.execute("checkpoint")
    began = time.perf_counter()
    connection.execute(edit)
    return time.perf_counter() - began


def _plain(connection: Connection) -> float:
    """Seconds to write the rows again with no triggers; not kept."""
    with connection.transaction(force_rollback=True):
        connection.execute("set local session_replication_role = replica")
        began = time.perf_counter()
        for command in PLAIN_SQL:
            connection.execute(command)
        return time.perf_counter() - began


def _count(connection: Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
