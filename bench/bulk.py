"""Many tickets in one statement, beside the same rows (ticket, clocks, audit) written with no logic.

The baseline writes the very rows that slapg wrote, captured from it, into the same tables of a database whose
tickets have no triggers: what remains between the two is what slapg decides and computes.
"""

import statistics
import time
from collections.abc import Callable, Iterator

from bench.cluster import Connection, bare_database, connect, private_cluster
from bench.desk import furnish, statement
from bench.result import Result
from slapg.cluster import Cluster
from slapg.cluster.cluster import DATABASE

BARE = "bare"
TABLES = {"tickets": "helpdesk.tickets", "clocks": "sla.clocks", "audit_log": "sla.audit_log"}
COLUMNS = (
    "tenant_id, ticket_id, ticket_number, title, client_id, board_id, priority_id, status_id, assigned_to,"
    " entered_at, due_date"
)
TARGETS = {"filled in": 0.55, "supplied": 0.75}
STRETCH = 0.60
EMPTY_SQL = (
    "truncate helpdesk.tickets cascade",
    "set session_replication_role = replica",  # history lets nobody truncate it
    "truncate sla.clocks, sla.audit_log",
    "reset session_replication_role",
    "checkpoint",
)

Write = Callable[[Connection], None]


def run(quick: bool) -> Iterator[Result]:
    """Rates over the plain rows' rates, runs interleaved; due_date filled in by slapg, and supplied."""
    tickets, rounds = (20_000, 3) if quick else (200_000, 3)
    with private_cluster({"shared_buffers": "512MB"}) as cluster:
        with connect(cluster) as connection:
            furnish(connection)
            for part in statement("arrivals.sql").split(";"):
                connection.execute(part.strip() or "select", [tickets] if "%s" in part else None)
        bare_database(cluster, BARE)
        _capture(cluster)
        manners: dict[str, tuple[Write, Write, Write]] = {
            "INSERT … SELECT": (_insert("arrivals"), _insert("supplied"), _insert_rows),
            "COPY": (_copy(cluster, "arrivals"), _copy(cluster, "supplied"), _copy_rows(cluster)),
        }
        with connect(cluster) as slapg, connect(cluster, BARE) as bare:
            for name, (filled, supplied, rows) in manners.items():
                seconds: dict[str, list[float]] = {"filled in": [], "supplied": [], BARE: []}
                for _ in range(rounds):
                    seconds["filled in"].append(_timed(slapg, filled))
                    seconds[BARE].append(_timed(bare, rows))
                    seconds["supplied"].append(_timed(slapg, supplied))
                yield from _compare(name, tickets, seconds)


def _compare(name: str, tickets: int, seconds: dict[str, list[float]]) -> Iterator[Result]:
    plain = statistics.median(seconds[BARE])
    for due_date, target in TARGETS.items():
        taken = statistics.median(seconds[due_date])
        stretch = f", stretch {STRETCH:.0%}" if target < STRETCH else ""
        yield Result(
            f"{name} of {tickets:,} tickets, due_date {due_date}",
            f"{tickets / taken:,.0f} /s",
            f"plain rows {tickets / plain:,.0f} /s",
            f"{plain / taken:.0%}",
            f"≥ {target:.0%}{stretch}",
            plain / taken >= target,
        )


def _timed(connection: Connection, write: Write) -> float:
    """Seconds from empty tables to the commit; emptying, and the writing out of what it left, not counted."""
    for command in EMPTY_SQL:
        connection.execute(command)
    began = time.perf_counter()
    with connection.transaction():
        write(connection)
    return time.perf_counter() - began


def _capture(cluster: Cluster) -> None:
    """Have slapg write the rows once; keep them in the bare database, and the due dates in slapg's."""
    with connect(cluster) as slapg, connect(cluster, BARE) as bare:
        _insert("arrivals")(slapg)
        slapg.execute("create table bench.supplied as table bench.arrivals")
        # A person's date, not slapg's own answer: so slapg keeps its hands off it.
        slapg.execute("update bench.supplied set due_date = entered_at + interval '3 days'")
        for name, table in TABLES.items():
            bare.execute(f"create table bench.{name} (like {table})")
            _pipe(slapg, f"copy (table {table}) to stdout", bare, f"copy bench.{name} from stdin")
        for connection in (slapg, bare):
            connection.execute("vacuum analyze")


def _pipe(source: Connection, copy_out: str, target: Connection, copy_in: str) -> None:
    """Stream rows from one connection into another."""
    with source.cursor().copy(copy_out) as rows, target.cursor().copy(copy_in) as sink:
        for chunk in rows:
            sink.write(chunk)


def _insert(source: str) -> Write:
    def write(connection: Connection) -> None:
        connection.execute(f"insert into helpdesk.tickets ({COLUMNS}) select {COLUMNS} from bench.{source}")

    return write


def _insert_rows(connection: Connection) -> None:
    for name, table in TABLES.items():
        connection.execute(f"insert into {table} select * from bench.{name}")


def _file(cluster: Cluster, source: str, database: str, columns: str = "*") -> list[bytes]:
    """A table's rows as COPY writes them: read before the clock runs."""
    copy_out = f"copy (select {columns} from bench.{source}) to stdout"
    with connect(cluster, database) as connection, connection.cursor().copy(copy_out) as rows:
        return [bytes(chunk) for chunk in rows]


def _load(connection: Connection, copy_in: str, chunks: list[bytes]) -> None:
    with connection.cursor().copy(copy_in) as sink:
        for chunk in chunks:
            sink.write(chunk)


def _copy(cluster: Cluster, source: str) -> Write:
    chunks = _file(cluster, source, DATABASE, COLUMNS)
    return lambda connection: _load(connection, f"copy helpdesk.tickets ({COLUMNS}) from stdin", chunks)


def _copy_rows(cluster: Cluster) -> Write:
    files = {table: _file(cluster, name, BARE) for name, table in TABLES.items()}

    def write(connection: Connection) -> None:
        for table, chunks in files.items():
            _load(connection, f"copy {table} from stdin", chunks)

    return write
