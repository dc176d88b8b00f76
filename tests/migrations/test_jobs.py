"""pg_cron jobs: one set a database, registered once, the DBA's changes kept."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from slapg.cluster import Cluster
from slapg.migrations import migrate
from slapg.migrations.jobs import jobs_of

Cron = psycopg.Connection[Any]
CRON_SECONDS = 90  # pg_cron looks once a minute


@pytest.fixture
def cron(cluster: Cluster) -> Iterator[Cron]:
    """A superuser's connection to the database that pg_cron lives in."""
    with psycopg.connect(cluster.socket_url("postgres"), autocommit=True) as connection:
        yield connection


def _jobs(cron: Cron, url: str) -> dict[str, tuple[str, str, str, bool]]:
    rows = cron.execute(
        "select jobname, schedule, command, username, active from cron.job where database = %s",
        [conninfo_to_dict(url)["dbname"]],
    )
    return {name: (schedule, command, user, active) for name, schedule, command, user, active in rows}


def test_each_database_has_its_jobs(cron: Cron, empty_db: str, other_empty_db: str) -> None:
    for url in (empty_db, other_empty_db):
        migrate(url)
    for url in (empty_db, other_empty_db):
        name = conninfo_to_dict(url)["dbname"]
        assert _jobs(cron, url) == {
            f"slapg-sweep@{name}": ("*/5 * * * *", "call sla.sweep()", "slapg_cron", True),
            f"slapg-housekeeping@{name}": ("17 3 * * *", "call sla.housekeeping()", "slapg_cron", True),
        }


def test_in_the_database_of_pg_cron_the_names_are_plain() -> None:
    assert [job.name for job in jobs_of("postgres", "postgres")] == [
        "slapg-sweep",
        "slapg-housekeeping",
        "slapg-job-history",
    ]


def test_the_run_history_is_pruned_by_its_owner(cron: Cron, slapg_db: str) -> None:
    migrate(slapg_db)
    row = cron.execute(
        "select command, database from cron.job where jobname = 'slapg-job-history'"
    ).fetchone()
    assert row is not None
    assert row[1] == "postgres"
    # In a transaction of its own, because the history belongs to every database of this server.
    with cron.transaction(force_rollback=True):
        cron.execute(
            """
            insert into cron.job_run_details (jobid, runid, username, status, start_time, end_time)
            values (1, -1, 'slapg_cron', 'succeeded', now() - '8 days'::interval, now() - '8 days'::interval),
                (1, -2, 'slapg_cron', 'succeeded', now() - '6 days'::interval, now() - '6 days'::interval),
                (1, -3, 'postgres', 'succeeded', now() - '8 days'::interval, now() - '8 days'::interval)
            """
        )
        cron.execute("set local role slapg_cron")
        cron.execute(row[0])
        cron.execute("reset role")
        left = cron.execute("select runid from cron.job_run_details where runid < 0 order by 1 desc")
        assert left.fetchall() == [(-2,), (-3,)]


def test_the_schedule_is_the_dbas(cron: Cron, slapg_db: str) -> None:
    assert len(migrate(slapg_db).jobs) == 2
    job = cron.execute(
        "select jobid from cron.job where jobname like 'slapg-sweep@%%' and database = %s",
        [conninfo_to_dict(slapg_db)["dbname"]],
    ).fetchone()
    assert job is not None
    cron.execute("select cron.alter_job(%s, schedule => '*/2 * * * *', active => false)", [job[0]])
    assert migrate(slapg_db).jobs == []
    assert ("*/2 * * * *", "call sla.sweep()", "slapg_cron", False) in _jobs(cron, slapg_db).values()


def test_what_the_job_runs_is_ours(cron: Cron, slapg_db: str) -> None:
    migrate(slapg_db)
    name = f"slapg-sweep@{conninfo_to_dict(slapg_db)['dbname']}"
    cron.execute("update cron.job set command = 'select 1' where jobname = %s", [name])
    assert migrate(slapg_db).jobs == [name]
    assert _jobs(cron, slapg_db)[name][1] == "call sla.sweep()"


def test_going_down_takes_the_jobs_away(cron: Cron, slapg_db: str, empty_db: str) -> None:
    migrate(slapg_db)
    migrate(empty_db)
    migrate(slapg_db, target="base")
    assert _jobs(cron, slapg_db) == {}
    assert len(_jobs(cron, empty_db)) == 2
    assert cron.execute("select 1 from cron.job where jobname = 'slapg-job-history'").fetchall() == [(1,)]


def test_jobs_of_a_lost_database_are_forgotten(cron: Cron, slapg_db: str) -> None:
    cron.execute(
        "insert into cron.job (jobname, schedule, command, nodeport, database, username) "
        "values ('slapg-sweep@lost', '0 0 1 1 *', 'select 1', 1, 'lost', 'slapg_cron')"
    )
    migrate(slapg_db)
    assert cron.execute("select 1 from cron.job where jobname = 'slapg-sweep@lost'").fetchall() == []


@pytest.mark.slow
def test_the_real_pg_cron_sweeps(cron: Cron, slapg_db: str) -> None:
    """As slapg_cron, from another database, in a background worker: nothing but the schedule is changed."""
    migrate(slapg_db)
    name = f"slapg-sweep@{conninfo_to_dict(slapg_db)['dbname']}"
    cron.execute(
        "select cron.alter_job(jobid, schedule => '* * * * *') from cron.job where jobname = %s", [name]
    )
    run = _first_run(cron, name)
    assert run == ("succeeded", "slapg_cron", conninfo_to_dict(slapg_db)["dbname"])
    with psycopg.connect(slapg_db) as connection:
        assert connection.execute("select failed from sla.sweep_runs").fetchall() == [(0,)]


def _first_run(cron: Cron, name: str) -> object:
    deadline = time.monotonic() + CRON_SECONDS
    while time.monotonic() < deadline:
        run = cron.execute(
            """
            select d.status, d.username, d.database
            from cron.job_run_details as d join cron.job as j using (jobid)
            where j.jobname = %s and d.status in ('succeeded', 'failed') order by runid limit 1
            """,
            [name],
        ).fetchone()
        if run:
            return run
        time.sleep(0.5)
    return f"pg_cron did not run {name} within {CRON_SECONDS} seconds"
