"""The rules that the database itself can tell: comments, search_path, names, sound bodies."""

from typing import Any

import psycopg
import pytest

from slapg.migrations.files import SqlFile, load_files
from slapg.migrations.naming import SETTINGS
from slapg.resources import sql_dir

Db = psycopg.Connection[Any]
OURS = "('sla', 'helpdesk', 'slapg_meta')"


def _list(db: Db, query: str) -> list[str]:
    return [row[0] for row in db.execute(query)]


def test_every_relation_and_column_is_explained(db: Db) -> None:
    silent = _list(
        db,
        f"""
        with relations as (
            select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in {OURS} and c.relname <> 'alembic_version' and c.relkind in ('r', 'p', 'v', 'm')
        )
        select oid::regclass::text from relations where obj_description(oid, 'pg_class') is null
        union all
        select oid::regclass || '.' || a.attname
        from relations join pg_attribute a on a.attrelid = oid and a.attnum > 0 and not a.attisdropped
        join pg_class c using (oid)
        where not c.relispartition and col_description(oid, a.attnum) is null
        """,
    )
    assert not silent, "\n".join(silent)


def test_every_routine_schema_and_sequence_is_explained(db: Db) -> None:
    silent = _list(
        db,
        f"""
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in {OURS} and obj_description(p.oid, 'pg_proc') is null
        union all
        select nspname from pg_namespace
        where nspname in {OURS} and obj_description(oid, 'pg_namespace') is null
        union all
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in {OURS} and c.relkind = 'S' and obj_description(c.oid, 'pg_class') is null
            and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i')
        """,
    )
    assert not silent, "\n".join(silent)


def test_definer_routines_pin_the_search_path(db: Db) -> None:
    loose = _list(
        db,
        f"""
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in {OURS} and p.prosecdef
            and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)
        """,
    )
    assert not loose, "\n".join(loose)


def test_only_entry_points_carry_settings(db: Db) -> None:
    """A SET clause costs at each call and keeps a SQL function from being inlined."""
    slow = _list(
        db,
        f"""
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in {OURS} and p.proconfig is not null and not p.prosecdef
            and p.prorettype <> 'trigger'::regtype
        """,
    )
    assert not slow, "\n".join(slow)


def test_parameters_are_recognised(db: Db) -> None:
    strange = _list(
        db,
        f"""
        select p.oid::regprocedure || ': ' || a.name
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
            unnest(p.proargnames, p.proargmodes) as a (name, mode)
        where n.nspname in {OURS} and coalesce(a.mode, 'i') in ('i', 'b', 'v') and a.name not like 'p\\_%'
        """,
    )
    assert not strange, "\n".join(strange)


def test_sql_bodies_are_sound_and_qualified(db: Db) -> None:
    """Migrations create functions unread; here each SQL body is read with nothing on the search_path."""
    with db.transaction(force_rollback=True):
        db.execute(SETTINGS.encode())
        db.execute("set local check_function_bodies = on")
        broken = [problem for file in load_files(sql_dir()) if (problem := _problem_of(db, file))]
    assert not broken, "\n".join(broken)


def _problem_of(db: Db, file: SqlFile) -> str | None:
    if file.folder != "functions":
        return None
    try:
        with db.transaction():
            db.execute(file.text.encode())
    except psycopg.Error as error:
        return f"sql/{file.path}: {error}"
    return None


@pytest.fixture
def plpgsql_check(db: Db) -> Db:
    """The test's database with the extension plpgsql_check."""
    there = db.execute("select 1 from pg_available_extensions where name = 'plpgsql_check'").fetchone()
    if there is None:
        pytest.skip("the extension plpgsql_check is not installed (Debian: postgresql-15-plpgsql-check)")
    db.execute("create extension plpgsql_check")
    db.execute("select set_config('search_path', 'pg_catalog, pg_temp', false)")
    return db


def test_plpgsql_check_finds_nothing(plpgsql_check: Db) -> None:
    """Each routine, and each trigger function with every table and transition table that it is used with."""
    complaints = _list(
        plpgsql_check,
        f"""
        with routines as (
            select p.oid, p.prorettype from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
            where n.nspname in {OURS} and l.lanname = 'plpgsql'
        ), uses as (
            select oid, 0::oid as relation, null::name as old_table, null::name as new_table
            from routines where prorettype <> 'trigger'::regtype
            union
            select r.oid, t.tgrelid, t.tgoldtable, t.tgnewtable
            from routines r join pg_trigger t on t.tgfoid = r.oid and t.tgparentid = 0
        )
        select uses.oid::regprocedure || coalesce(' on ' || nullif(relation, 0)::regclass, '') || ' line '
            || coalesce(c.lineno, 0) || ': ' || c.level || ': ' || c.message || coalesce('; ' || c.detail, '')
        from uses, public.plpgsql_check_function_tb(
            uses.oid, uses.relation::regclass, fatal_errors => false, security_warnings => true,
            oldtable => old_table, newtable => new_table) as c
        order by 1
        """,
    )
    assert not complaints, "\n".join(complaints)


def test_every_trigger_function_has_a_trigger(db: Db) -> None:
    idle = _list(
        db,
        f"""
        select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in {OURS} and p.prorettype = 'trigger'::regtype
            and not exists (select from pg_trigger t where t.tgfoid = p.oid)
        """,
    )
    assert not idle, "\n".join(idle)
