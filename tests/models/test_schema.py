"""The models are the migrated schema: every table, column, type, default, key; every view and its columns."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import ForeignKeyConstraint, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

from slapg.models import Base, views

Db = psycopg.Connection[Any]

INTERNAL = {"sla.calendar_edits", "sla.role_tenants", "sla.terms"}
"""Tables without a model: compiled terms, edits under way and access are no application's to read."""

FILLED_BY_TRIGGER = {("helpdesk.tickets", "due_date")}
"""Columns whose value comes from the database, though not from a default."""

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def _relations(db: Db, kinds: str) -> set[str]:
    rows = db.execute(
        """
        select n.nspname || '.' || c.relname
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('helpdesk', 'sla') and c.relkind = any (%s) and not c.relispartition
            and c.relname !~ '^_'
        """,
        [list(kinds)],
    )
    return {name for (name,) in rows}


def _columns(db: Db, name: str) -> dict[str, tuple[str, bool, bool]]:
    """Name of each column: its type, whether it is not null, whether it is filled when left out."""
    rows = db.execute(
        """
        select attname, format_type(atttypid, atttypmod), attnotnull, atthasdef or attidentity <> ''
        from pg_attribute
        where attrelid = %s::regclass and attnum > 0 and not attisdropped
        """,
        [name],
    )
    return {column: (kind, required, filled) for column, kind, required, filled in rows}


def _constraints(db: Db, name: str, kind: str) -> list[str]:
    with db.transaction():
        db.execute("set local search_path = pg_catalog")  # so that definitions name the schema
        rows = db.execute(
            """
            select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = %s
            """,
            [name, kind],
        ).fetchall()
    return sorted(definition for (definition,) in rows)


def _modelled(table: Table) -> dict[str, tuple[str, bool, bool]]:
    return {
        column.name: (
            column.type.compile(DIALECT).lower(),
            not column.nullable,
            column.server_default is not None and (table.fullname, column.name) not in FILLED_BY_TRIGGER,
        )
        for column in table.columns
    }


def _definition(key: ForeignKeyConstraint) -> str:
    target = key.elements[0].column.table.fullname
    wanted = ", ".join(element.column.name for element in key.elements)
    ending = f" ON DELETE {key.ondelete}" if key.ondelete else ""
    return f"FOREIGN KEY ({', '.join(key.column_keys)}) REFERENCES {target}({wanted}){ending}"


def _name(item: SchemaItem) -> str:
    return item.fullname if isinstance(item, Table) else str(item)


def test_every_table_has_a_model(db: Db) -> None:
    assert set(Base.metadata.tables) | INTERNAL == _relations(db, "rp")


@pytest.mark.parametrize("table", Base.metadata.tables.values(), ids=_name)
def test_a_model_is_its_table(db: Db, table: Table) -> None:
    assert _modelled(table) == _columns(db, table.fullname)
    primary_key = f"PRIMARY KEY ({', '.join(column.name for column in table.primary_key)})"
    assert [primary_key] == _constraints(db, table.fullname, "p")
    foreign_keys = [_definition(key) for key in table.foreign_key_constraints]
    assert sorted(foreign_keys) == _constraints(db, table.fullname, "f")


def test_every_view_is_there(db: Db) -> None:
    assert set(views.metadata.tables) == _relations(db, "v")


@pytest.mark.parametrize("view", views.metadata.tables.values(), ids=_name)
def test_a_view_has_its_columns(db: Db, view: Table) -> None:
    found = [(column, kind) for column, (kind, _, _) in _columns(db, view.fullname).items()]
    assert [(column.name, column.type.compile(DIALECT).lower()) for column in view.columns] == found


def test_views_are_importable_by_name() -> None:
    for view in views.metadata.tables.values():
        assert getattr(views, view.name) is view
