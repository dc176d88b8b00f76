"""The pg_cron jobs of a slapg database, registered where pg_cron lives on its server."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import make_conninfo

from slapg.config import connect, resolve_dsn
from slapg.errors import SlapgError
from slapg.migrations.naming import JOBS_LOCK_KEY, Database

CRON_ROLE = "slapg_cron"
HISTORY_JOB = "slapg-job-history"
HISTORY_DAYS = 7


@dataclass(frozen=True)
class Job:
    """One pg_cron job; it runs as `slapg_cron`."""

    name: str
    schedule: str
    """Five cron fields, in the server's `cron.timezone` (GMT by default)."""
    command: str
    database: str


def jobs_of(database: str, cron_database: str) -> list[Job]:
    """The jobs of slapg in `database`.

    A name is unique per role in the whole server, so outside pg_cron's own database it carries the
    database's name.  The run history is one for the server, so pruning it is one job for all.
    """
    suffix = "" if database == cron_database else f"@{database}"
    prune = (
        "delete from cron.job_run_details where username = current_user and coalesce(end_time, start_time, "
        f"'-infinity') < pg_catalog.now() - interval '{HISTORY_DAYS} days'"
    )
    return [
        Job(f"slapg-sweep{suffix}", "*/5 * * * *", "call sla.sweep()", database),
        Job(f"slapg-housekeeping{suffix}", "17 3 * * *", "call sla.housekeeping()", database),
        Job(HISTORY_JOB, "47 3 * * *", prune, cron_database),
    ]


def find_cron(raw: Database) -> str | None:
    """The database that pg_cron lives in, None when this server does not run pg_cron.

    Superusers only: pg_cron hides its settings from others, and then this is None, too.
    """
    # Not current_setting(): a line in postgresql.conf answers there even when pg_cron is not loaded.
    row = raw.execute(
        "select setting from pg_catalog.pg_settings where name = 'cron.database_name'"
    ).fetchone()
    return str(row[0]) if row and row[0] else None


def register_jobs(raw: Database, dsn: str | None) -> tuple[list[str], list[str]]:
    """Register what is missing; returns the jobs registered, and warnings where it cannot be done.

    A job that runs the right command stays as it is: its times, and whether it is active, are the DBA's.
    """
    if find_cron(raw) is None:
        return [], [_no_cron(raw)]
    return _in_cron_database(raw, dsn, _register)


def unregister_jobs(raw: Database, dsn: str | None) -> list[str]:
    """Take the jobs of a database away that went down: they have nothing to call.  Returns warnings."""
    if find_cron(raw) is None:
        return []
    return _in_cron_database(raw, dsn, _unregister)[1]


def _in_cron_database(
    raw: Database, dsn: str | None, work: Callable[[Database, list[Job]], list[str]]
) -> tuple[list[str], list[str]]:
    cron_database = find_cron(raw) or raw.info.dbname
    raw.rollback()
    try:
        with connect(make_conninfo(resolve_dsn(dsn), dbname=cron_database)) as cron:
            cron.execute("select pg_catalog.pg_advisory_xact_lock(%s)", [JOBS_LOCK_KEY])
            return work(cron, jobs_of(raw.info.dbname, cron_database)), []
    except SlapgError as error:
        return [], [f"the pg_cron jobs are not as they should be: {error.message}"]
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error)
        return [], [f"the pg_cron jobs are not as they should be in database {cron_database}: {message}"]


def _unregister(cron: Database, jobs: list[Job]) -> list[str]:
    found = cron.execute("select pg_catalog.to_regclass('cron.job') is not null").fetchone()
    if not (found and found[0]):
        return []
    # The run history is pruned for every slapg database of the server.
    names = [job.name for job in jobs if job.name != HISTORY_JOB]
    cron.execute("delete from cron.job where username = %s and jobname = any(%s)", [CRON_ROLE, names])
    return names


def _register(cron: Database, jobs: list[Job]) -> list[str]:
    cron.execute("create extension if not exists pg_cron")
    # pg_cron keeps its schema to itself, and the history job works in it.
    cron.execute(f"grant usage on schema cron to {CRON_ROLE}".encode())
    _forget_lost_databases(cron)
    registered = [job for job in jobs if not _is_registered(cron, job)]
    for job in registered:
        cron.execute(
            "select cron.schedule_in_database(%s, %s, %s, %s, %s)",
            [job.name, job.schedule, job.command, job.database, CRON_ROLE],
        )
    return [job.name for job in registered]


def _is_registered(cron: Database, job: Job) -> bool:
    found = cron.execute(
        "select 1 from cron.job where jobname = %s and username = %s and command = %s and database = %s",
        [job.name, CRON_ROLE, job.command, job.database],
    ).fetchone()
    return found is not None


def _forget_lost_databases(cron: Database) -> None:
    """Jobs of databases that were dropped or renamed would fail every five minutes for ever."""
    cron.execute(
        """
        delete from cron.job as j
        where j.username = %s and j.jobname like 'slapg-%%'
            and not exists (select from pg_catalog.pg_database as d where d.datname = j.database)
        """,
        [CRON_ROLE],
    )


def _no_cron(raw: Database) -> str:
    major = raw.info.server_version // 10000
    return (
        "pg_cron does not run on this server, so nothing sweeps every five minutes: "
        f"apt-get install postgresql-{major}-cron, add pg_cron to shared_preload_libraries, set "
        "cron.use_background_workers = on, restart the server, run slapg migrate; "
        "until then keep slapg listen --timer running"
    )
