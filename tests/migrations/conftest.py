"""Databases to migrate, and copies of the sources to edit."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from slapg.cluster import Cluster
from slapg.migrations import replace, revisions, runner
from slapg.resources import alembic_dir, sql_dir


@pytest.fixture
def empty_db(cluster: Cluster, empty_db_url: str) -> Iterator[str]:
    """A database without slapg; the jobs that a migration registers for it go with it."""
    yield empty_db_url
    forget_jobs(cluster, empty_db_url)


@pytest.fixture
def other_empty_db(cluster: Cluster, empty_db: str) -> Iterator[str]:
    """A second one."""
    name = conninfo_to_dict(empty_db)["dbname"] + "_other"
    url = make_conninfo(empty_db, dbname=name)
    with psycopg.connect(cluster.socket_url("postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name}")
        yield url
        forget_jobs(cluster, url)
        admin.execute(f"drop database {name} with (force)")


@pytest.fixture
def slapg_db(cluster: Cluster, db_url: str) -> Iterator[str]:
    """A database with slapg, for tests that migrate it again."""
    yield db_url
    forget_jobs(cluster, db_url)


@pytest.fixture
def sql_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sql/ to edit, from which this test migrates."""
    copy = Path(shutil.copytree(sql_dir(), tmp_path / "sql"))
    monkeypatch.setattr(runner, "sql_dir", lambda: copy)
    return copy


@pytest.fixture
def new_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Adds a revision with this SQL on top of a copy of alembic/, and returns its name."""
    copy = Path(shutil.copytree(alembic_dir(), tmp_path / "alembic"))
    monkeypatch.setattr(revisions, "alembic_dir", lambda: copy)

    def add(upgrade: str) -> str:
        head = revisions.known_revisions()[-1]
        (copy / "versions" / "9999_next.py").write_text(
            "from slapg.migrations.revision import run_sql\n"
            f"revision = '9999'\ndown_revision = {head!r}\n"
            f"def upgrade():\n    run_sql({upgrade!r})\n"
            "def downgrade():\n    pass\n"
        )
        return "9999"

    return add


@pytest.fixture
def one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up on a locked table at once."""
    monkeypatch.setattr(replace, "TRIGGER_ATTEMPTS", 1)


def forget_jobs(cluster: Cluster, url: str) -> None:
    """Unregister the jobs of a test's database."""
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(cluster.socket_url("postgres")) as cron:
        found = cron.execute("select to_regclass('cron.job') is not null").fetchone()
        if found and found[0]:
            cron.execute("delete from cron.job where database = %s", [name])


@pytest.fixture
def dump() -> Callable[..., str]:
    """Gives the schema of a database as text, to compare; takes further options of pg_dump."""
    return _dump


def _dump(url: str, *options: str) -> str:
    """The schema as pg_dump writes it, without the token that differs in every dump."""
    command = ["pg_dump", "--schema-only", *options, "--dbname", url]
    text = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ).stdout
    return "\n".join(
        line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))
    )
