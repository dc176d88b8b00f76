"""A server that slapg has never seen: no roles, no pg_cron."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from slapg.cluster import Cluster
from slapg.cluster.settings import FOR_TESTS
from slapg.migrations import migrate


@pytest.fixture(scope="module")
def new_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server that does not load pg_cron, though its postgresql.conf has settings for it."""
    bare = Cluster(tmp_path_factory.mktemp("new") / "cluster", FOR_TESTS)
    try:
        bare.start()
        with psycopg.connect(bare.socket_url("postgres"), autocommit=True) as admin:
            admin.execute("drop extension pg_cron")
            admin.execute("alter system set shared_preload_libraries = 'plpython3'")
        bare.stop()
        bare._launch()  # start() would make the extension, and fail
        yield bare
    finally:
        bare.destroy()


def test_two_databases_at_once_create_the_roles(new_server: Cluster) -> None:
    with psycopg.connect(new_server.socket_url("postgres"), autocommit=True) as admin:
        assert admin.execute("select 1 from pg_roles where rolname like 'slapg%'").fetchall() == []
        for name in ("first", "second"):
            admin.execute(f"create database {name}")
    script = "import sys; from slapg.migrations import migrate; migrate(sys.argv[1])"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, new_server.socket_url(name)], stderr=subprocess.PIPE, text=True
        )
        for name in ("first", "second")
    ]
    assert [process.communicate()[1] for process in processes] == ["", ""]
    with psycopg.connect(new_server.socket_url("second")) as second:
        roles = second.execute("select count(*) from pg_roles where rolname like 'slapg\\_%'").fetchone()
        owner = second.execute(
            "select relowner::regrole::text from pg_class where relname = 'tickets'"
        ).fetchone()
    assert (roles, owner) == ((8,), ("slapg_owner",))


def test_without_pg_cron_it_warns_and_works(new_server: Cluster) -> None:
    report = migrate(new_server.socket_url("postgres"))
    assert report.revisions
    assert report.jobs == []
    assert "pg_cron" in report.warnings[0]
    assert "apt-get install postgresql-" in report.warnings[0]
