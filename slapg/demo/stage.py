"""Where the demo plays: a fresh database in the private cluster, and the log that it replays."""

from pathlib import Path

import psycopg
from psycopg import sql

from slapg.cluster import Cluster
from slapg.cluster.cluster import DATABASE
from slapg.config import connect
from slapg.errors import SlapgError
from slapg.migrations import migrate
from slapg.resources import sample_log

MARK = "slapg demo: made anew by each run of it"
"""Comment of the demo's database: one without it may hold somebody's work."""

TIMEZONE = "Europe/London"

_FULL_LOG = Path("shared/data/incident_event_log.csv.xz")


def find_log() -> Path:
    """The full incident log beside the checkout when it is there, else the sample that slapg carries."""
    sample = sample_log()
    full = sample.parent.parent.parent / _FULL_LOG
    return full if full.is_file() else sample


def fresh_database(cluster: Cluster) -> str:
    """Start the cluster, make the demo's database anew with slapg in it, and return a superuser's DSN.

    Raises `SlapgError` when the database holds tickets that are not the demo's.
    """
    cluster.start()
    dsn = cluster.socket_url()
    name = sql.Identifier(DATABASE)
    with connect(cluster.socket_url("postgres"), autocommit=True) as admin:
        if not _is_ours(admin) and _has_tickets(dsn):
            raise SlapgError(
                f"the private cluster in {cluster.home} holds tickets of your own",
                hint="give the demo another place with --dir, or remove that cluster with: slapg db destroy",
            )
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        admin.execute(sql.SQL("create database {}").format(name))
        admin.execute(sql.SQL("comment on database {} is {}").format(name, sql.Literal(MARK)))
    migrate(dsn)
    with connect(dsn, autocommit=True) as database:
        database.execute(
            "update sla.settings set timezone = %s where tenant_id = helpdesk.current_tenant()", [TIMEZONE]
        )
    return dsn


def _is_ours(admin: "psycopg.Connection[tuple[object, ...]]") -> bool:
    found = admin.execute(
        "select shobj_description(d.oid, 'pg_database') from pg_database d where d.datname = %s", [DATABASE]
    ).fetchone()
    return found is not None and found[0] == MARK


def _has_tickets(dsn: str) -> bool:
    with connect(dsn, autocommit=True) as database:
        found = database.execute("select to_regclass('helpdesk.tickets') is not null").fetchone()
        if not found or not found[0]:
            return False
        return database.execute("select from helpdesk.tickets limit 1").fetchone() is not None
