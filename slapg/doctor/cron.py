"""pg_cron: is it there, are the jobs registered, do they run?"""

from collections.abc import Iterator

from psycopg.conninfo import make_conninfo

from slapg.config import connect
from slapg.doctor.finding import Finding, fail, ok, warn
from slapg.migrations.jobs import CRON_ROLE, Job, find_cron, jobs_of
from slapg.migrations.naming import Database

TIMER = "or keep slapg listen --timer running"


def check_cron(raw: Database, dsn: str) -> Iterator[Finding]:
    """The safety net that sweeps every five minutes; `dsn` is that of `raw`."""
    if raw.info.parameter_status("is_superuser") != "on":
        yield warn("pg_cron", "cannot be examined: it hides itself", "run slapg doctor as a superuser")
        return
    cron_database = find_cron(raw)
    if cron_database is None:
        major = raw.info.server_version // 10000
        mend = f"sudo apt-get install postgresql-{major}-cron, then slapg migrate says what to set; {TIMER}"
        yield warn("pg_cron", "not loaded: nothing sweeps every five minutes", mend)
        return
    yield from _check_workers(raw)
    with connect(make_conninfo(dsn, dbname=cron_database), autocommit=True) as cron:
        if not _exists(cron):
            yield fail("pg_cron", f"the extension is missing in database {cron_database}", "slapg migrate")
            return
        for job in jobs_of(raw.info.dbname, cron_database):
            yield _check_job(cron, job)


def _check_workers(raw: Database) -> Iterator[Finding]:
    row = raw.execute("select pg_catalog.current_setting('cron.use_background_workers', true)").fetchone()
    if row and row[0] == "on":
        yield ok("pg_cron", "jobs run as background workers")
    else:
        yield warn(
            "pg_cron",
            f"jobs log in as {CRON_ROLE} over localhost, which pg_hba.conf must trust",
            "in postgresql.conf: cron.use_background_workers = on; restart the server",
        )


def _exists(cron: Database) -> bool:
    row = cron.execute("select pg_catalog.to_regclass('cron.job') is not null").fetchone()
    return bool(row and row[0])


def _check_job(cron: Database, job: Job) -> Finding:
    subject = f"job {job.name}"
    found = cron.execute(
        """
        select jobid, active, command = %s and database = %s
        from cron.job where jobname = %s and username = %s
        """,
        [job.command, job.database, job.name, CRON_ROLE],
    ).fetchone()
    if found is None:
        return fail(subject, "not registered, or not yours to see", "slapg migrate, as a superuser")
    job_id, active, is_ours = found
    if not is_ours:
        return fail(subject, "does something else", "slapg migrate")
    if not active:
        return warn(subject, "switched off", f"select cron.alter_job({job_id}, active => true)")
    return _check_last_run(cron, subject, job_id)


def _check_last_run(cron: Database, subject: str, job_id: int) -> Finding:
    last = cron.execute(
        """
        select status, return_message, pg_catalog.to_char(start_time, 'YYYY-MM-DD HH24:MI TZH:TZM')
        from cron.job_run_details
        where jobid = %s and status in ('succeeded', 'failed')
        order by runid desc limit 1
        """,
        [job_id],
    ).fetchone()
    if last is None:
        return ok(subject, "registered, has not run yet")
    status, message, at = last
    if status == "failed":
        reason = str(message).strip().partition("\n")[0]
        return fail(subject, f"failed at {at}: {reason}", "mend what the message names")
    return ok(subject, f"ran at {at}")
