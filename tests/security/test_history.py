"""History is append-only: for applications by right, for the owner by trigger."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.security.conftest import Logins
from tests.security.organisations import Organisation

Db = psycopg.Connection[Any]


@pytest.fixture
def owner(db: Db, login_as: Logins, ours: Organisation) -> Db:
    """Logged in as a member of slapg_owner, with history in a partition of its month as well."""
    db.execute("call sla.housekeeping()")
    return login_as("slapg_owner")


def history_tables(db: Db) -> list[str]:
    """The tables that say so of themselves, and their partitions."""
    found = db.execute(
        """
        with history as (
            select c.oid from pg_class c
            where c.relkind in ('r', 'p') and not c.relispartition
                and obj_description(c.oid, 'pg_class') like '%append-only%'
        )
        select oid::regclass::text from history
        union
        select inhrelid::regclass::text from pg_inherits join history on inhparent = oid
        """
    )
    return sorted(name for (name,) in found)


@pytest.mark.parametrize(
    "statement",
    [
        "update {} set tenant_id = tenant_id",
        "delete from {}",
        "truncate {}",
        "truncate {} cascade",
    ],
)
def test_nobody_changes_or_removes_it(db: Db, owner: Db, statement: str) -> None:
    tables = history_tables(db)
    assert {"sla.audit_log", "sla.audit_log_default"} < set(tables)
    assert len(tables) > 5
    for connection in (owner, db):
        for table in tables:
            before = rows(db, table)
            with_rows = statement.format(table)
            if before or statement.startswith("truncate"):
                with pytest.raises(psycopg.Error) as caught:
                    connection.execute(with_rows.encode())
                assert caught.value.sqlstate == "SL040", with_rows
            assert rows(db, table) == before
    assert rows(db, "sla.audit_log") > 0


def rows(db: Db, table: str) -> int:
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(*table.split(".")))
    row = db.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_months_made_later_are_guarded_as_well(db: Db, login_as: Logins) -> None:
    """Readers read them, and what is written there stays."""
    db.execute("call sla.housekeeping()")
    db.execute("insert into helpdesk.tickets (title) values ('Now')")
    reader = login_as("slapg_reader")
    written = [table for table in history_tables(db) if rows(reader, table)]
    [month] = [table for table in written if table[-1:].isdigit()]
    for table in (month, "sla.audit_log"):
        with pytest.raises(psycopg.Error, match="append-only: delete refused"):
            db.execute(f"delete from {table}".encode())


def test_an_entry_names_who_did_it(db: Db, login_as: Logins, ours: Organisation) -> None:
    """The application's user where it says so, else the login; never the owner that triggers run as."""
    app = login_as("slapg_app")
    app.execute("insert into helpdesk.tickets (title) values ('By the login')")
    app.execute("set slapg.actor = 'ada@example.com'")
    app.execute("insert into helpdesk.tickets (title) values ('By a person')")
    actors = db.execute(
        "select t.title, a.actor from sla.audit_log a join helpdesk.tickets t using (ticket_id) "
        "where t.title like 'By %' order by 1"
    ).fetchall()
    assert actors == [("By a person", "ada@example.com"), ("By the login", app.info.user)]
