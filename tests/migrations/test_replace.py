"""Files of sql/: applied when they differ from what was applied last, dropped when they are gone."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from slapg.errors import SlapgError
from slapg.migrations import migrate
from slapg.resources import sql_dir

Dump = Callable[..., str]
NewRevision = Callable[[str], str]
NEW = """create or replace function sla.tested() returns integer
language sql immutable parallel safe security invoker
as $$ select {} $$;
"""


def _ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


@pytest.fixture
def tested(sql_copy: Path, slapg_db: str) -> Path:
    """The file of a function that returns 1, applied."""
    file = sql_copy / "functions" / "maintenance" / "tested.sql"
    file.write_text(NEW.format(1))
    assert migrate(slapg_db).applied == ["functions/maintenance/tested.sql"]
    return file


def test_only_the_edited_file_is_applied(slapg_db: str, tested: Path) -> None:
    tested.write_text(NEW.format(2))
    assert migrate(slapg_db).applied == ["functions/maintenance/tested.sql"]
    assert _ask(slapg_db, "select sla.tested()") == 2


def test_an_edit_taken_back_is_applied_again(slapg_db: str, tested: Path) -> None:
    tested.write_text(NEW.format(2))
    migrate(slapg_db)
    tested.write_text(NEW.format(1))
    assert migrate(slapg_db).applied == ["functions/maintenance/tested.sql"]
    assert _ask(slapg_db, "select sla.tested()") == 1


def test_what_no_file_makes_is_dropped(slapg_db: str, tested: Path) -> None:
    tested.unlink()
    report = migrate(slapg_db)
    assert report.dropped == ["function sla.tested"]
    assert _ask(slapg_db, "select to_regproc('sla.tested')") is None
    assert migrate(slapg_db).nothing_to_do


def test_a_moved_file_keeps_its_function(slapg_db: str, tested: Path) -> None:
    oid = _ask(slapg_db, "select 'sla.tested'::regproc::oid")
    tested.rename(tested.parent.parent / "tested.sql")
    assert migrate(slapg_db).dropped == []
    assert _ask(slapg_db, "select 'sla.tested'::regproc::oid") == oid


def test_a_function_in_use_by_others_is_not_dropped(slapg_db: str, tested: Path) -> None:
    with psycopg.connect(slapg_db) as connection:
        connection.execute("create view public.mine as select sla.tested()")
    tested.unlink()
    with pytest.raises(SlapgError, match=r"view public\.mine depends on function sla\.tested"):
        migrate(slapg_db)


def test_a_left_over_signature_is_refused(slapg_db: str, tested: Path) -> None:
    tested.write_text(NEW.format(1).replace("tested()", "tested(p_any integer)"))
    with pytest.raises(
        SlapgError, match=r"left over: sla\.tested\(\), sla\.tested\(p_any integer\)"
    ) as caught:
        migrate(slapg_db)
    assert "revision" in str(caught.value.hint)
    assert _ask(slapg_db, "select sla.tested()") == 1


def test_a_changed_result_is_refused(slapg_db: str, tested: Path) -> None:
    tested.write_text(NEW.format("''").replace("returns integer", "returns text"))
    with pytest.raises(SlapgError, match=r"tested\.sql.*\[42P13\]") as caught:
        migrate(slapg_db)
    assert "revision" in str(caught.value.hint)


def test_a_broken_file_is_named_with_its_line(slapg_db: str, tested: Path) -> None:
    tested.write_text(NEW.format(2) + "\nselect 1 +;\n")
    with pytest.raises(SlapgError, match=r"^sql/functions/maintenance/tested\.sql, line 5: syntax error"):
        migrate(slapg_db)
    assert _ask(slapg_db, "select sla.tested()") == 1


def test_unqualified_names_fail(slapg_db: str, sql_copy: Path) -> None:
    (sql_copy / "views" / "tested.sql").write_text(
        "create or replace view sla.tested as select * from clocks;"
    )
    with pytest.raises(SlapgError, match='relation "clocks" does not exist'):
        migrate(slapg_db)


def test_view_gains_and_changes_columns(slapg_db: str, sql_copy: Path) -> None:
    first, second = sql_copy / "views" / "a_tested.sql", sql_copy / "views" / "b_tested.sql"
    first.write_text(
        "-- requires: sla.b_tested\ncreate or replace view sla.a_tested as select * from sla.b_tested;"
    )
    second.write_text("create or replace view sla.b_tested as select 1 as one;")
    assert migrate(slapg_db).applied == ["views/b_tested.sql", "views/a_tested.sql"]
    second.write_text("create or replace view sla.b_tested as select 1 as one, 2 as two;")
    assert migrate(slapg_db).applied == ["views/b_tested.sql"]
    second.write_text("create or replace view sla.b_tested as select 3 as uno;")
    assert len(migrate(slapg_db).applied) == len(list((sql_copy / "views").glob("*.sql")))
    assert _ask(slapg_db, "select uno from sla.a_tested") == 3


def test_your_own_view_in_the_way_is_named(slapg_db: str, sql_copy: Path, new_revision: NewRevision) -> None:
    (sql_copy / "views" / "tested.sql").write_text("create or replace view sla.tested as select 1 as one;")
    migrate(slapg_db)
    with psycopg.connect(slapg_db) as connection:
        connection.execute("create view public.mine as select * from sla.tested")
    new_revision("comment on table sla.clocks is 'Changed';")
    with pytest.raises(SlapgError, match=r"view public\.mine depends on view sla\.tested") as caught:
        migrate(slapg_db)
    assert "create it again" in str(caught.value.hint)
    with psycopg.connect(slapg_db) as connection:
        connection.execute("drop view public.mine")
    assert migrate(slapg_db).revisions == ["9999"]
    assert _ask(slapg_db, "select one from sla.tested") == 1


def test_rights_on_views_outlive_an_upgrade(slapg_db: str, new_revision: NewRevision) -> None:
    role = "bi_" + conninfo_to_dict(slapg_db)["dbname"]
    rights = f"select has_table_privilege('{role}', 'sla.ticket_status', 'select with grant option')"
    with psycopg.connect(slapg_db, autocommit=True) as dba:
        dba.execute(f"create role {role}")
        try:
            dba.execute(f"grant select on sla.ticket_status to {role} with grant option")
            before = _ask(slapg_db, "select 'sla.ticket_status'::regclass::oid")
            new_revision("comment on table sla.clocks is 'Changed';")
            migrate(slapg_db)
            assert _ask(slapg_db, "select 'sla.ticket_status'::regclass::oid") != before
            assert _ask(slapg_db, rights) is True
        finally:
            dba.execute(f"drop owned by {role}")
            dba.execute(f"drop role {role}")


def test_circles_and_unknown_names_are_refused(slapg_db: str, sql_copy: Path) -> None:
    file = sql_copy / "views" / "tested.sql"
    file.write_text("-- requires: sla.tested\ncreate or replace view sla.tested as select 1 as one;")
    with pytest.raises(SlapgError, match="circle"):
        migrate(slapg_db)
    file.write_text("-- requires: sla.nothing\ncreate or replace view sla.tested as select 1 as one;")
    with pytest.raises(SlapgError, match=r"requires sla\.nothing"):
        migrate(slapg_db)


TRIGGER = """create or replace trigger tested before delete on helpdesk.users
    for each row when (old.name = '{}') execute function suppress_redundant_updates_trigger();
"""


@pytest.fixture
def trigger_file(sql_copy: Path, slapg_db: str) -> Path:
    """A trigger file of its own, applied."""
    file = sql_copy / "triggers" / "tested.sql"
    file.write_text(TRIGGER.format("a"))
    assert migrate(slapg_db).applied == ["triggers/tested.sql"]
    return file


def _triggers(url: str) -> object:
    return _ask(url, "select array_agg(tgname::text) from pg_trigger where tgname like 'tested%'")


def test_triggers_come_and_go_with_their_file(slapg_db: str, trigger_file: Path) -> None:
    trigger_file.write_text(TRIGGER.format("a").replace("tested", "tested_again"))
    migrate(slapg_db)
    assert _triggers(slapg_db) == ["tested_again"]
    trigger_file.unlink()
    assert migrate(slapg_db).dropped == ["trigger tested_again on helpdesk.users"]
    assert _triggers(slapg_db) is None


def test_an_unchanged_trigger_waits_for_nobody(slapg_db: str, trigger_file: Path) -> None:
    with psycopg.connect(slapg_db) as writer:
        writer.execute("lock table helpdesk.users, helpdesk.tickets in row exclusive mode")
        assert migrate(slapg_db).nothing_to_do


def test_a_changed_trigger_gives_way_and_tries_again(slapg_db: str, trigger_file: Path) -> None:
    trigger_file.write_text(TRIGGER.format("b"))
    with psycopg.connect(slapg_db) as writer:
        writer.execute("lock table helpdesk.users in row exclusive mode")
        migration = threading.Thread(target=migrate, args=[slapg_db])
        migration.start()
        time.sleep(2.5)
        assert migration.is_alive()
        with psycopg.connect(slapg_db, options="-c lock_timeout=5s") as other:
            other.execute("lock table helpdesk.users in row exclusive mode")
    migration.join()
    assert migrate(slapg_db).nothing_to_do


@pytest.mark.usefixtures("one_attempt")
def test_a_table_that_stays_locked_is_named(slapg_db: str, trigger_file: Path) -> None:
    trigger_file.write_text(TRIGGER.format("b"))
    with psycopg.connect(slapg_db) as writer:
        writer.execute("lock table helpdesk.users in row exclusive mode")
        with pytest.raises(SlapgError, match=r"sql/triggers/tested\.sql: its table was locked"):
            migrate(slapg_db)


def test_the_sources_in_the_package_are_untouched(slapg_db: str, tested: Path, dump: Dump) -> None:
    assert not (sql_dir() / "functions" / "maintenance" / "tested.sql").exists()
    tested.unlink()
    before = dump(slapg_db)
    migrate(slapg_db)
    assert dump(slapg_db) != before
