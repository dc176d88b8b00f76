"""What all models share: the types, the keys, and how a row names another one of its tenant."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    FetchedValue,
    ForeignKeyConstraint,
    Integer,
    Interval,
    SmallInteger,
    Text,
    Time,
    TypeDecorator,
    Uuid,
    cast,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql.elements import ColumnElement


class LocalTime(TypeDecorator[str]):
    """A local wall-clock time as text, like `09:00:00`: Python's `time` has no `24:00:00`, schedules do.

    Takes a `datetime.time` as well.
    """

    impl = Time
    cache_ok = True

    def process_bind_param(self, value: str | time | None, dialect: Dialect) -> Any:
        return value.isoformat() if isinstance(value, time) else value

    def column_expression(self, column: ColumnElement[str]) -> ColumnElement[str]:
        return cast(column, Text)


class Base(DeclarativeBase):
    """The tables of slapg.  `slapg migrate` makes them; `metadata.create_all` would lack their triggers."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        bool: Boolean,
        int: Integer,
        UUID: Uuid,
        date: Date,
        datetime: DateTime(timezone=True),
        timedelta: Interval,
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
    }


Small = Annotated[int, mapped_column(SmallInteger)]
Big = Annotated[int, mapped_column(BigInteger)]

TenantKey = Annotated[UUID, mapped_column(primary_key=True, server_default=FetchedValue())]
"""The tenant that the session acts for, unless given: setting `slapg.tenant_id`, else the default tenant."""

Key = Annotated[UUID, mapped_column(primary_key=True)]
NewKey = Annotated[UUID, mapped_column(primary_key=True, server_default=FetchedValue())]
"""Made by the database, time-ordered, unless given."""


def filled() -> FetchedValue:
    """The default of a column that the database fills when an application does not; read back on insert."""
    return FetchedValue()


def of_tenant(on_delete: str | None = None) -> ForeignKeyConstraint:
    """The foreign key of `tenant_id` itself."""
    return ForeignKeyConstraint(["tenant_id"], ["helpdesk.tenants.tenant_id"], ondelete=on_delete)


def names(
    column: str, target: str, on_delete: str | None = None, *, use_alter: bool = False
) -> ForeignKeyConstraint:
    """The foreign key of `column` to `target` (schema.table.column), within the tenant."""
    table = target.rpartition(".")[0]
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", target],
        name=f"{column}_of_{table}" if use_alter else None,
        ondelete=on_delete,
        use_alter=use_alter,
    )


def join(source: str, column: str, target: str, key: str) -> str:
    """How a relationship from `source.column` finds `target.key`, for `primaryjoin`.

    Only `column` is marked foreign: assigning a related object sets it and leaves `tenant_id` alone.
    """
    return f"and_({source}.tenant_id == {target}.tenant_id, foreign({source}.{column}) == {target}.{key})"
