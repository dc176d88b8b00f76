"""A dump, restored into a server that never saw slapg, is a working system after `slapg migrate`."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from slapg.cluster import Cluster
from slapg.cluster.settings import FOR_TESTS
from slapg.migrations import migrate
from tests.security.organisations import FIRST, SECOND, enter, furnish

Db = psycopg.Connection[Any]

RESTORED = "restored"
LOGIN = "restored_app"

SORTED = "array(select a::text from unnest({}) as a order by 1)"

# What a restored system must have in common with the one dumped.
CONTENTS = {
    "clocks": "select * from sla.clocks order by 1, 2, 3, 4",
    "history": "select * from sla.audit_log order by log_id",
    "changes": "select * from sla.configuration_history order by change_id",
    "events": "select * from sla.threshold_events order by event_id",
    "outbox": "select * from sla.notifications order by notification_id",
    "status": "select ticket_id, response_due_at, resolution_due_at from sla.ticket_status order by 1",
    "relations": f"""
        select oid::regclass::text, relowner::regrole::text, relrowsecurity, {SORTED.format("relacl")}
        from pg_class where relnamespace in ('sla'::regnamespace, 'helpdesk'::regnamespace) order by 1
    """,
    "routines": f"""
        select oid::regprocedure::text, proowner::regrole::text, prosecdef, proconfig,
            {SORTED.format("proacl")}
        from pg_proc where pronamespace in ('sla'::regnamespace, 'helpdesk'::regnamespace) order by 1
    """,
    "triggers": """
        select tgrelid::regclass::text, tgname, tgenabled from pg_trigger where not tgisinternal order by 1, 2
    """,
    "policies": """
        select polrelid::regclass::text, polname, pg_get_expr(polqual, polrelid) from pg_policy order by 1, 2
    """,
}


@pytest.fixture(scope="module")
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server of its own, with pg_cron and no role of slapg's."""
    server = Cluster(tmp_path_factory.mktemp("restore") / "cluster", FOR_TESTS)
    try:
        server.start()
        yield server
    finally:
        server.destroy()


@pytest.fixture
def source(db: Db, db_url: str) -> Iterator[str]:
    """A database in use: two tenants, one of them with a login of its own."""
    db.execute("call sla.housekeeping()")
    furnish(db, FIRST)
    db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [SECOND])
    furnish(db, SECOND)
    db.execute("reset slapg.tenant_id")
    db.execute(f"create role {LOGIN} login in role slapg_app")
    db.execute("insert into sla.role_tenants values (%s, %s)", [SECOND, LOGIN])
    yield db_url
    db.execute(f"drop owned by {LOGIN}")
    db.execute(f"drop role {LOGIN}")


def run(*command: str | Path, **kwargs: Any) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, **kwargs).stdout


def restore(source: str, server: Cluster, folder: Path) -> str:
    """Roles, pg_restore, slapg migrate: what docs/operations.md says. Returns the DSN."""
    roles = run("pg_dumpall", "--roles-only", "--dbname", source)
    ours = [line for line in roles.splitlines() if "slapg_" in line or LOGIN in line]
    assert f"GRANT slapg_app TO {LOGIN}" in roles
    run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", server.socket_url("postgres"), input="\n".join(ours))
    run("pg_dump", "-Fc", "-f", folder / "slapg.dump", source)
    run("createdb", "--maintenance-db", server.socket_url("postgres"), RESTORED)
    run("pg_restore", "--exit-on-error", "-d", server.socket_url(RESTORED), folder / "slapg.dump")
    report = migrate(server.socket_url(RESTORED))
    assert (report.revisions, report.applied, report.dropped, report.warnings) == ([], [], [], [])
    assert f"slapg-sweep@{RESTORED}" in report.jobs
    return server.socket_url(RESTORED)


def contents(connection: Db) -> dict[str, list[Any]]:
    return {name: connection.execute(query.encode()).fetchall() for name, query in CONTENTS.items()}


def test_a_restored_database_works(source: str, db: Db, new_server: Cluster, tmp_path: Path) -> None:
    url = restore(source, new_server, tmp_path)
    with psycopg.connect(url, autocommit=True) as restored:
        assert contents(restored) == contents(db)
        _triggers_work(restored)
        _sweep_works(restored)
        _history_stands(restored)
        jobs = restored_jobs(new_server)
    assert jobs == {f"slapg-sweep@{RESTORED}", f"slapg-housekeeping@{RESTORED}", "slapg-job-history"}
    with psycopg.connect(url, user=LOGIN, autocommit=True) as app:
        _tenants_hold(app)


def restored_jobs(server: Cluster) -> set[str]:
    with psycopg.connect(server.socket_url("postgres")) as cron:
        query = "select jobname from cron.job where active and username = 'slapg_cron'"
        return {name for (name,) in cron.execute(query)}


def _triggers_work(restored: Db) -> None:
    ticket = enter(restored, SECOND)
    restored.execute(
        "update helpdesk.tickets set status_id = s.status_id from helpdesk.statuses s "
        "where s.tenant_id = %s and s.name = 'Done' and ticket_id = %s",
        [SECOND, ticket],
    )
    clocks = restored.execute(
        "select metric, state, met from sla.clocks where ticket_id = %s order by 1", [ticket]
    ).fetchall()
    assert clocks == [("resolution", "completed", True), ("response", "completed", False)]
    assert restored.execute("select count(*) from sla.verify(%s)", [ticket]).fetchone() == (0,)


def _sweep_works(restored: Db) -> None:
    tickets: set[UUID] = {enter(restored, tenant) for tenant in (FIRST, SECOND)}
    restored.execute("set role slapg_cron")
    restored.execute("call sla.sweep()")
    restored.execute("reset role")
    breached = restored.execute("select ticket_id from sla.threshold_events where kind = 'breach'").fetchall()
    assert tickets <= {ticket for (ticket,) in breached}


def _history_stands(restored: Db) -> None:
    for table in ("sla.audit_log", "sla.audit_log_default", "sla.configuration_history"):
        with pytest.raises(psycopg.Error, match="append-only"):
            restored.execute(f"truncate {table}".encode())


def _tenants_hold(app: Db) -> None:
    with pytest.raises(psycopg.Error, match="may not act for tenant"):
        app.execute("select count(*) from helpdesk.tickets")
    app.execute("select set_config('slapg.tenant_id', %s, false)", [str(SECOND)])
    seen = app.execute("select distinct tenant_id from helpdesk.tickets").fetchall()
    assert seen == [(SECOND,)]
    app.execute("insert into helpdesk.tickets (title) values ('After the restore')")
