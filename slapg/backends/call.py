"""One call of an SQL function, over whatever connection the caller has."""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
import sqlalchemy
from psycopg.rows import tuple_row
from sqlalchemy.exc import DBAPIError

from slapg.backends.backend import Database
from slapg.backends.errors import refusal


def call(database: Database, function: LiteralString, **arguments: Any) -> Sequence[Sequence[Any]]:
    """Rows of `select * from function(name => argument, …)` in the caller's transaction.

    `function` and the names are the program's own words.  Raises `SlaRefusedError` for SQLSTATE class `SL`,
    else what the caller's library raises.
    """
    if isinstance(database, psycopg.Connection):
        return _with_psycopg(database, function, arguments)
    return _with_sqlalchemy(_connection(database), function, arguments)


def _with_psycopg(
    connection: psycopg.Connection[Any], function: LiteralString, arguments: dict[str, Any]
) -> Sequence[Sequence[Any]]:
    named = ", ".join(f"{name} => %({name})s" for name in arguments)
    try:
        with connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(f"select * from {function}({named})".encode(), arguments).fetchall()
    except psycopg.Error as error:
        raise refusal(error) or error from error


def _with_sqlalchemy(
    connection: sqlalchemy.Connection, function: LiteralString, arguments: dict[str, Any]
) -> Sequence[Sequence[Any]]:
    named = ", ".join(f"{name} => :{name}" for name in arguments)
    try:
        return connection.execute(sqlalchemy.text(f"select * from {function}({named})"), arguments).all()
    except DBAPIError as error:
        raise refusal(error.orig) or error from error


def _connection(database: Any) -> sqlalchemy.Connection:
    if isinstance(database, sqlalchemy.Connection):
        return database
    database.flush()  # a ticket that waits in the session is in the database when the call looks for it
    connection: sqlalchemy.Connection = database.connection()
    return connection
