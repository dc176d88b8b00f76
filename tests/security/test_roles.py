"""sql/roles.sql: who may do what, tried by logging in."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from slapg.resources import sql_dir

Connect = Callable[..., psycopg.Connection[Any]]
LoginAs = Callable[..., psycopg.Connection[Any]]

ROLES = ["slapg_app", "slapg_admin", "slapg_listener", "slapg_reader", "slapg_loader", "slapg_cron"]

# What each of them calls for its caller: name( in the body of a security invoker function, or in a view;
# words in quotes call nothing.
MISSING_GRANTS = r"""
with routines as (
    select p.oid, n.nspname || '.' || p.proname as name, p.prosecdef, p.prosrc, p.prorettype
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('sla', 'helpdesk')
)
select r.role || ': ' || f.name || ' calls ' || g.name
from unnest(%s::text[]) as r (role), routines f, routines g
where f.prorettype <> 'trigger'::regtype and not f.prosecdef
    and has_function_privilege(r.role, f.oid, 'execute')
    and regexp_replace(f.prosrc, $$'[^']*'$$, '', 'g') ~ ('\m' || replace(g.name, '.', '\.') || '\s*\(')
    and not has_function_privilege(r.role, g.oid, 'execute')
union all
select 'slapg_reader: view ' || c.relname || ' calls ' || g.name
from pg_class c, routines g
where c.relkind = 'v' and c.relnamespace = 'sla'::regnamespace
    and regexp_replace(pg_get_viewdef(c.oid), $$'[^']*'$$, '', 'g')
        ~ ('\m' || replace(g.name, '.', '\.') || '\s*\(')
    and not has_function_privilege('slapg_reader', g.oid, 'execute')
order by 1
"""


def _names(db: psycopg.Connection[Any], query: str, parameters: list[Any] | None = None) -> list[str]:
    return [row[0] for row in db.execute(query, parameters)]


def test_everything_belongs_to_the_owner(db: psycopg.Connection[Any]) -> None:
    strangers = _names(
        db,
        """
        with ours as (select oid, nspname, nspowner from pg_namespace where nspname in ('sla', 'helpdesk'))
        select nspname from ours where nspowner <> 'slapg_owner'::regrole
        union all
        select c.oid::regclass::text from pg_class c join ours on ours.oid = relnamespace
        where relkind not in ('i', 'I') and relowner <> 'slapg_owner'::regrole
        union all
        select p.oid::regprocedure::text from pg_proc p join ours on ours.oid = pronamespace
        where proowner <> 'slapg_owner'::regrole
        """,
    )
    assert strangers == []


def test_nothing_is_open_to_public(db: psycopg.Connection[Any], login_as: LoginAs) -> None:
    anybody = login_as()
    open_to_all = _names(
        anybody,
        """
        select nspname from pg_namespace
        where nspname in ('sla', 'helpdesk', 'slapg_meta') and has_schema_privilege(oid, 'usage, create')
        union all
        select c.oid::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where nspname in ('sla', 'helpdesk', 'slapg_meta') and relkind in ('r', 'p', 'v', 'm')
            and has_table_privilege(c.oid, 'select, insert, update, delete, truncate, references, trigger')
        union all
        select c.oid::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where nspname in ('sla', 'helpdesk', 'slapg_meta')
            and case when relkind = 'S' then has_sequence_privilege(c.oid, 'usage, select, update') end
        union all
        select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where nspname in ('sla', 'helpdesk') and has_function_privilege(p.oid, 'execute')
        """,
    )
    assert open_to_all == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        anybody.execute("select sla.now()")


def test_what_the_owner_makes_later_is_closed_as_well(db: psycopg.Connection[Any], login_as: LoginAs) -> None:
    db.execute("set role slapg_owner")
    db.execute("create function sla.later() returns int language sql as 'select 1'")
    db.execute("reset role")
    assert not _names(
        login_as(), "select 1 from pg_proc where proname = 'later' and has_function_privilege(oid, 'execute')"
    )


def test_every_routine_granted_exists(db: psycopg.Connection[Any]) -> None:
    named = set(re.findall(r"'((?:sla|helpdesk)\.\w+)'", (sql_dir() / "roles.sql").read_text()))
    there = set(
        _names(
            db,
            "select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = pronamespace",
        )
    )
    assert named - there == set()


def test_whoever_may_call_a_function_may_call_what_it_calls(db: psycopg.Connection[Any]) -> None:
    assert _names(db, MISSING_GRANTS, [ROLES]) == []


def test_an_application_writes_tickets_and_sees_no_clock(login_as: LoginAs) -> None:
    app = login_as("slapg_app")
    app.execute("insert into helpdesk.users (name) values ('Ada')")
    for query in ("select * from sla.clocks", "select sla.now()", "call sla.housekeeping()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(query)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("update helpdesk.priorities set name = name")


def test_a_reader_selects_everything_and_writes_nothing(
    db: psycopg.Connection[Any], login_as: LoginAs
) -> None:
    reader = login_as("slapg_reader")
    relations = _names(
        db,
        """
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where nspname in ('sla', 'helpdesk', 'slapg_meta') and relkind in ('r', 'p', 'v')
        """,
    )
    assert len(relations) > 30
    for relation in relations:
        reader.execute(f"select * from {relation} limit 1")
        for right in ("insert", "update", "delete", "truncate"):
            assert _names(reader, "select has_table_privilege(%s, %s)", [relation, right]) == [False]


def test_an_administrator_configures_and_cannot_forge_history(login_as: LoginAs) -> None:
    admin = login_as("slapg_admin")
    admin.execute("insert into sla.schedules (name, is_24x7) values ('Always', true)")
    admin.execute("insert into helpdesk.users (name) values ('Ada')")
    for query in (
        "delete from sla.audit_log",
        "update sla.clocks set met = true",
        "delete from helpdesk.tickets",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute(query)


def test_cron_may_sweep_and_keep_house_only(connect: Connect) -> None:
    cron = connect(user="slapg_cron")
    cron.execute("call sla.housekeeping()")
    cron.execute("call sla.sweep()")
    for query in ("select * from sla.clocks", "select * from helpdesk.tickets", "select sla.next_fire_at()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cron.execute(query)


@pytest.mark.parametrize(("role", "sqlstate"), [("slapg_reader", "SL030"), ("slapg_listener", "SL030")])
def test_only_administrators_may_set_the_time(login_as: LoginAs, role: str, sqlstate: str) -> None:
    connection = login_as(role)
    connection.execute("set slapg.now = '2026-03-02 09:00:00+00'")
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("select sla.now()")
    assert caught.value.sqlstate == sqlstate
    # The acting role does not matter, the login does.
    connection.execute(f"set role {role}")
    with pytest.raises(psycopg.Error, match="may not set"):
        connection.execute("select sla.now()")


def test_an_administrator_may_set_the_time(login_as: LoginAs) -> None:
    connection = login_as("slapg_admin")
    connection.execute("set slapg.now = '2026-03-02 09:00:00+00'")
    assert _names(connection, "select sla.now()::date::text") == ["2026-03-02"]
