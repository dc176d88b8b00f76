"""What cannot be migrated says so in one line, with the command that mends it."""

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from typer.testing import CliRunner

from slapg.cli.app import app
from slapg.errors import SlapgError
from slapg.migrations import migrate


def test_a_newer_database_is_left_alone(slapg_db: str) -> None:
    with psycopg.connect(slapg_db) as connection:
        connection.execute("update slapg_meta.alembic_version set version_num = '7777'")
    with pytest.raises(SlapgError, match=r"revision 7777.*newer") as caught:
        migrate(slapg_db)
    assert caught.value.hint == "install that version: pip install --upgrade slapg"


def test_an_unknown_target_is_wrong_use(slapg_db: str) -> None:
    with pytest.raises(SlapgError, match="no revision 4711") as caught:
        migrate(slapg_db, target="4711")
    assert caught.value.exit_code == 2
    assert "head" in str(caught.value.hint)


def test_only_a_superuser_can_migrate(empty_db: str) -> None:
    role = f"dba_of_{conninfo_to_dict(empty_db)['dbname']}"
    with psycopg.connect(empty_db, autocommit=True) as admin:
        admin.execute(f"create role {role} login createdb createrole")
        try:
            with pytest.raises(SlapgError, match=f"role {role} is no superuser") as caught:
                migrate(make_conninfo(empty_db, user=role))
        finally:
            admin.execute(f"drop role {role}")
    assert "slapg migrate --sql" in str(caught.value.hint)


def test_a_server_that_does_not_answer(empty_db: str) -> None:
    with pytest.raises(SlapgError, match="cannot connect"):
        migrate(make_conninfo(empty_db, port="1"))


def test_a_locked_table_is_not_waited_for_all_night(
    slapg_db: str, new_revision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slapg.migrations.runner.LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr("slapg.migrations.runner.LOCK_ATTEMPTS", 2)
    new_revision("alter table sla.clocks add column tested int;")
    with psycopg.connect(slapg_db) as reader:
        reader.execute("lock table sla.clocks in access share mode")
        with pytest.raises(SlapgError, match="not free within 200ms at any of 2 attempts"):
            migrate(slapg_db)


def test_command_line(slapg_db: str) -> None:
    cli = CliRunner()
    first = cli.invoke(app, ["migrate", "--dsn", slapg_db])
    second = cli.invoke(app, ["migrate"], env={"SLAPG_DSN": slapg_db})
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert second.output.startswith("nothing to do: revision ")
    as_json = cli.invoke(app, ["migrate", "--dsn", slapg_db, "--json"])
    assert '"nothing_to_do": true' in as_json.output
    printed = cli.invoke(app, ["migrate", "--sql"])
    assert printed.exit_code == 0
    assert printed.output.startswith("-- slapg ")
