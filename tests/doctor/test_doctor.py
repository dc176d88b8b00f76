"""`slapg doctor` finds each illness that a test can cause."""

import json
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from typer.testing import CliRunner

from slapg.cli.app import app
from slapg.cluster import Cluster
from slapg.doctor import Level, cron, examine, schema, server, timezones, work
from slapg.doctor.finding import Finding
from slapg.migrations import migrate

Db = psycopg.Connection[Any]
SWEPT = """
    insert into sla.sweep_runs (started_at, finished_at, settled, recorded, failed)
    values (now(), now(), 0, 0, 0)
"""


def _worst(findings: list[Finding]) -> set[Level]:
    return {finding.level for finding in findings}


def test_a_database_without_slapg(empty_db_url: str) -> None:
    findings = {finding.subject: finding for finding in examine(empty_db_url)}
    assert findings["migrations"].level is Level.FAIL
    assert findings["migrations"].mend == "slapg migrate"
    assert findings["plpython3u"].level is Level.FAIL
    assert findings["server"].level is Level.OK


def test_a_healthy_database(cluster: Cluster, db: Db, db_url: str) -> None:
    migrate(db_url)
    db.execute(SWEPT)
    try:
        run = CliRunner().invoke(app, ["doctor", "--dsn", db_url, "--json"])
    finally:
        with psycopg.connect(cluster.socket_url("postgres")) as admin:
            admin.execute("delete from cron.job where database = %s", [conninfo_to_dict(db_url)["dbname"]])
    findings = json.loads(run.output)
    assert [finding for finding in findings if finding["level"] != "OK"] == []
    assert len(findings) > 12
    assert run.exit_code == 0


def test_jobs_that_are_not_registered(db: Db, db_url: str) -> None:
    findings = {finding.subject: finding for finding in cron.check_cron(db, db_url)}
    job = findings[f"job slapg-sweep@{db.info.dbname}"]
    assert (job.level, job.mend) == (Level.FAIL, "slapg migrate, as a superuser")


def test_exit_code_and_mending_command(db: Db, db_url: str) -> None:
    db.execute("update slapg_meta.applied_sql set sha256 = repeat('0', 64) where path like '%/now.sql'")
    run = CliRunner().invoke(app, ["doctor", "--dsn", db_url])
    assert run.exit_code == 1
    assert "FAIL  migrations: not as in sql/: functions/session/now.sql" in run.output
    assert "→ slapg migrate" in run.output


def test_an_older_and_a_newer_database(db: Db) -> None:
    db.execute("update slapg_meta.alembic_version set version_num = '0001'")
    (older,) = schema.check_migrations(db)
    assert "pending: 0002" in older.message
    db.execute("update slapg_meta.alembic_version set version_num = '7777'")
    (newer,) = schema.check_migrations(db)
    assert newer.mend == "pip install --upgrade slapg"


def test_time_zones_agree(db: Db) -> None:
    assert _worst(list(timezones.check_time_zones(db))) == {Level.OK}
    assert db.execute("select to_regproc('pg_temp.python_offsets')").fetchone() == (None,)


def test_time_zones_that_disagree(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    zones, instants = ["Europe/Amsterdam", "Asia/Tokyo"], [0, 86400]
    used = {"Europe/Amsterdam"}
    findings = list(timezones._compare(zones, used, instants, [3600, 7200, None, None], [3600, 3600, 1, 1]))
    assert [finding.level for finding in findings] == [Level.FAIL, Level.WARN]
    assert "differ on 1970-01-02" in findings[0].message
    assert "Python does not know it" in findings[1].message


def test_what_the_database_says_of_itself(db: Db) -> None:
    db.execute(SWEPT)
    assert _worst(list(work.check_health(db))) == {Level.OK}
    db.execute("delete from sla.sweep_runs")
    sick = [finding for finding in work.check_health(db) if finding.level is not Level.OK]
    assert [finding.subject for finding in sick] == ["last sweep"]
    assert "slapg-sweep" in str(sick[0].mend)


def test_entries_of_a_month_without_partition(db: Db) -> None:
    assert _worst(list(work.check_partitions(db))) == {Level.OK}
    db.execute(
        """
        insert into sla.audit_log (ticket_id, event_type, effective_at, actor, created_at)
        values (gen_random_uuid(), 'config_changed', now(), 'test', '1999-01-01')
        """
    )
    (finding,) = work.check_partitions(db)
    assert (finding.level, finding.mend) == (Level.WARN, "call sla.housekeeping()")


def test_an_open_transaction(db: Db, connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "OLD_SNAPSHOT_MINUTES", 0)
    sleeper = connect(autocommit=False)
    sleeper.execute("set transaction isolation level repeatable read")
    sleeper.execute("select 1")
    (finding,) = work.check_old_snapshots(db)
    assert finding.level is Level.WARN
    assert finding.mend == f"select pg_terminate_backend({sleeper.info.backend_pid})"


def test_a_stranger_gets_warnings_not_a_crash(db: Db, db_url: str, connect: Any) -> None:
    findings = list(examine(db_url.replace("postgres@", "slapg_cron@")))
    assert any("cannot be examined" in finding.message for finding in findings)


def test_a_server_that_loads_python_late(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_scalar", lambda raw, query: "pg_cron")
    (finding,) = server.check_preload(db)
    assert "shared_preload_libraries = 'pg_cron,plpython3'" in str(finding.mend)
