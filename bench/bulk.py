"""Many tickets in one statement, beside the same rows (ticket, clocks, audit) written with no logic.

The baseline writes what slapg wrote, captured from it, into the same tables of a database without triggers:
what remains between the two is what slapg computes.
"""

import statistics
import time
from collections.abc import Iterator

from psycopg import sql

from bench.cluster import Connection, bare_database, connect, private_cluster
from bench.desk import furnish, statement
from bench.result import Result
from slapg.cluster import Cluster

BARE = "bare"
TABLES = {
    "helpdesk.tickets": "tenant_id, ticket_id, ticket_number, title, client_id, board_id, priority_id, status_id, "
    "assigned_to, entered_at, due_date",
    "sla.clocks": "*",
    "sla.audit_log": "*",
}
INTO_SQL = "insert into helpdesk.tickets ({columns}) select {columns} from bench.{source}"
COPY_SQL = "copy helpdesk.tickets ({columns}) from stdin"
TARGETS = {"filled": 0.55, "supplied": 0.75}
STRETCH = 0.60


def run(quick: bool) -> Iterator[Result]:
    """Rates over the plain rows' rates, runs interleaved; due_date filled in by slapg, and supplied."""
    tickets, rounds = (20_000, 3) if quick else (200_000, 3)
    with private_cluster({"shared_buffers": "512MB"}) as cluster:
        with connect(cluster) as connection:
            furnish(connection)
            connection.execute(statement("arrivals.sql"), [tickets])
        bare_database(cluster, BARE)
        _capture(cluster)
        with connect(cluster) as slapg, connect(cluster, BARE) as bare:
            for manner in (_insert, _copy):
                yield from _compare(slapg, bare, manner, tickets, rounds)
