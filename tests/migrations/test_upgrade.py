"""From nothing to the head, down and up again: always the same schema."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from slapg.errors import SlapgError
from slapg.migrations import migrate, revisions
from slapg.migrations.offline import render_sql

Dump = Callable[..., str]
NewRevision = Callable[[str], str]
APPLIED = "select path, sha256, objects from slapg_meta.applied_sql order by path"


def test_second_run_has_nothing_to_do(empty_db: str, dump: Dump) -> None:
    first = migrate(empty_db)
    before = dump(empty_db)
    second = migrate(empty_db)
    assert first.revisions == revisions.known_revisions()
    assert first.before is None
    assert second.nothing_to_do
    assert second.unchanged == len(first.applied)
    assert dump(empty_db) == before


def test_two_fresh_databases_are_equal(empty_db: str, other_empty_db: str, dump: Dump) -> None:
    migrate(empty_db)
    migrate(other_empty_db)
    assert dump(empty_db) == dump(other_empty_db)


def test_each_revision_goes_up_down_and_up(empty_db: str, dump: Dump) -> None:
    bare = ["--no-owner", "--no-privileges"]  # those come with the head only
    below = "base"
    for revision in revisions.known_revisions():
        before = dump(empty_db, *bare)
        migrate(empty_db, target=revision)
        after = dump(empty_db, *bare)
        assert after != before
        migrate(empty_db, target=below)
        if below != "base":  # the first revision leaves the schema of the version table behind
            assert dump(empty_db, *bare) == before, f"{revision} does not undo itself"
        migrate(empty_db, target=revision)
        assert dump(empty_db, *bare) == after, f"{revision} differs the second time"
        below = revision


@pytest.mark.parametrize("target", ["base", *revisions.known_revisions()[:-1]])
def test_a_database_in_use_goes_down_and_up(slapg_db: str, target: str, dump: Dump) -> None:
    before = dump(slapg_db)
    report = migrate(slapg_db, target=target)
    assert report.after == (None if target == "base" else target)
    assert report.dropped
    migrate(slapg_db)
    assert dump(slapg_db) == before


def test_printed_sql_makes_the_same_database(
    empty_db: str, other_empty_db: str, tmp_path: Path, dump: Dump
) -> None:
    migrate(empty_db)
    file = tmp_path / "slapg.sql"
    file.write_text(render_sql())
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(file), other_empty_db]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert dump(other_empty_db) == dump(empty_db)
    with psycopg.connect(empty_db) as online, psycopg.connect(other_empty_db) as offline:
        assert online.execute(APPLIED).fetchall() == offline.execute(APPLIED).fetchall()
    report = migrate(other_empty_db)
    assert (report.revisions, report.applied, report.dropped) == ([], [], [])


def test_many_at_once_all_succeed(empty_db: str) -> None:
    script = "import sys; from slapg.migrations import migrate; print(migrate(sys.argv[1]).nothing_to_do)"
    command = [sys.executable, "-c", script, empty_db]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(6)
    ]
    results = [(*process.communicate(), process.returncode) for process in processes]
    assert [error for _, error, code in results if code] == []
    assert sorted(output.strip() for output, _, _ in results) == ["False"] + ["True"] * 5


def test_a_failing_revision_changes_nothing(slapg_db: str, new_revision: NewRevision, dump: Dump) -> None:
    before = dump(slapg_db)
    new_revision("create table sla.half (id int); select 1 / 0;")
    with pytest.raises(SlapgError, match=r"changed nothing: division by zero \[22012\]"):
        migrate(slapg_db)
    assert dump(slapg_db) == before


def test_run_sql_passes_the_text_through_untouched(slapg_db: str, new_revision: NewRevision) -> None:
    new_revision("create table sla.odd (a text default '[1:2] %s :name %');")
    migrate(slapg_db)
    with psycopg.connect(slapg_db) as connection:
        connection.execute("insert into sla.odd default values")
        assert connection.execute("select a from sla.odd").fetchall() == [("[1:2] %s :name %",)]


def test_a_dump_can_be_restored(slapg_db: str, other_empty_db: str, tmp_path: Path) -> None:
    with psycopg.connect(slapg_db) as connection:
        connection.execute("insert into helpdesk.users (name) values ('Ada')")
        connection.execute("insert into sla.schedules (name, is_24x7) values ('Always', true)")
    file = tmp_path / "slapg.dump"
    subprocess.run(["pg_dump", "-Fc", "-f", file, slapg_db], check=True)
    subprocess.run(["pg_restore", "--exit-on-error", "-d", other_empty_db, file], check=True)
    subprocess.run(["pg_dump", "-Fc", "-f", tmp_path / "again.dump", other_empty_db], check=True)
    assert _contents(tmp_path / "again.dump") == _contents(file)
    report = migrate(other_empty_db)
    assert (report.revisions, report.applied, report.dropped) == ([], [], [])
    with psycopg.connect(other_empty_db) as connection:
        connection.execute("insert into sla.schedules (name, is_24x7) values ('Always, too', true)")
        assert connection.execute("select count(*) from sla.schedules").fetchone() == (2,)


def _contents(file: Path) -> list[str]:
    """Every object in a dump, with its owner.

    Not their definitions: PostgreSQL writes brackets and names anew each time that it reads an expression.
    """
    listed = subprocess.run(["pg_restore", "--list", file], check=True, capture_output=True, text=True).stdout
    return sorted(line.split(" ", 3)[3] for line in listed.splitlines() if not line.startswith(";"))
