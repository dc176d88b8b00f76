"""A durable private cluster of its own for each benchmark, and twins of its database to compare with."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from slapg.cluster import Cluster
from slapg.cluster.cluster import DATABASE
from slapg.cluster.settings import CRON_DATABASE
from slapg.migrations import migrate

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # A checkpoint in the middle of one side's run would compare disks, not triggers.
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
}

Connection = psycopg.Connection[Any]


@contextmanager
def private_cluster(extra_settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """A cluster with slapg in it, made for one benchmark and removed afterwards; no jobs run in it."""
    with tempfile.TemporaryDirectory(prefix="slapg-bench-") as folder:
        Path(folder).chmod(0o711)  # the server's account must be able to pass through
        cluster = Cluster(Path(folder) / "cluster", DURABLE | dict(extra_settings or {}))
        cluster.start()
        try:
            migrate(cluster.socket_url())
            with connect(cluster, CRON_DATABASE) as admin:
                # The job would sweep in the middle of a measurement.
                admin.execute("select cron.unschedule(jobid) from cron.job")
            yield cluster
        finally:
            cluster.destroy()


def connect(cluster: Cluster, database: str = DATABASE) -> Connection:
    """A superuser's connection in autocommit mode."""
    return psycopg.connect(cluster.socket_url(database), autocommit=True)


def copy_database(cluster: Cluster, name: str) -> None:
    """A copy of slapg's database, as it is now; nobody may be connected to it."""
    with connect(cluster, CRON_DATABASE) as admin:
        admin.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(DATABASE))
        )


def bare_database(cluster: Cluster, name: str) -> None:
    """A copy whose tickets have no slapg: same tables, keys, indexes, defaults and rows, no triggers."""
    copy_database(cluster, name)
    with connect(cluster, name) as connection:
        triggers = connection.execute(
            "select tgname from pg_trigger where tgrelid = 'helpdesk.tickets'::regclass and not tgisinternal"
        ).fetchall()
        for (trigger,) in triggers:
            connection.execute(sql.SQL("drop trigger {} on helpdesk.tickets").format(sql.Identifier(trigger)))
