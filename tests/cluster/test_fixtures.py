"""The fixtures everything else stands on: isolated, migrated, and like the cluster that users get."""

import psycopg
import pytest


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(db: psycopg.Connection, turn: int) -> None:
    db.execute("create table public.mark (turn integer)")  # fails when the other turn's database is reused
    db.execute("insert into public.mark values (%s)", [turn])
    assert db.execute("select turn from public.mark").fetchall() == [(turn,)]


def test_the_extensions_are_loaded(db: psycopg.Connection) -> None:
    db.execute("create function public.one() returns integer language plpython3u as 'return 1'")
    assert db.execute("select public.one()").fetchone() == (1,)
    loaded = db.execute("show shared_preload_libraries").fetchone()
    assert loaded == ("pg_cron,plpython3",)


def test_no_job_disturbs_the_template(db: psycopg.Connection, cluster, template: str) -> None:
    with psycopg.connect(cluster.socket_url("postgres")) as admin:
        jobs = admin.execute("select jobname from cron.job where database = %s", [template]).fetchall()
    assert jobs == []


def test_the_empty_database_is_empty(empty_db_url: str) -> None:
    with psycopg.connect(empty_db_url) as database:
        schemas = database.execute(
            "select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'"
        ).fetchall()
    assert schemas == [("public",)]
