"""Which database slapg talks to, and the connection to it."""

import os
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from slapg.cluster import Cluster
from slapg.errors import SlapgError

DSN_VARIABLE = "SLAPG_DSN"
CONNECT_TIMEOUT_SECONDS = 10


def resolve_dsn(dsn: str | None = None) -> str:
    """The DSN to use: the one given, else `SLAPG_DSN`, else that of the private cluster when it runs.

    Raises `SlapgError` (wrong use) when there is none.
    """
    given = dsn or os.environ.get(DSN_VARIABLE)
    if given:
        return given
    cluster = Cluster.locate()
    if cluster.is_running():
        return cluster.url()
    raise SlapgError(
        "no database given, and no private cluster runs here",
        hint=f"give --dsn or set {DSN_VARIABLE}, or start a private cluster with: slapg db start",
        exit_code=2,
    )


def connect(dsn: str | None = None, **kwargs: Any) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect to `dsn` (resolved as by `resolve_dsn`); `kwargs` are those of `psycopg.connect`.

    Raises `SlapgError` when the DSN cannot be read (wrong use) or the server does not answer within
    `CONNECT_TIMEOUT_SECONDS`. The message never holds the password.
    """
    resolved = resolve_dsn(dsn)
    target = _describe(resolved)
    settings: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT_SECONDS, "application_name": "slapg"}
    settings |= conninfo_to_dict(resolved) | kwargs
    try:
        return psycopg.connect(**settings)
    except psycopg.OperationalError as error:
        raise SlapgError(
            f"cannot connect to {target}: {_first_line(error)}",
            hint="check the DSN and that the server runs (a private cluster: slapg db start)",
        ) from error


def _describe(dsn: str) -> str:
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        raise SlapgError(
            "the DSN cannot be read: neither postgresql://user@host:port/database nor key=value pairs",
            hint="see the PostgreSQL manual, section Connection Strings",
            exit_code=2,
        ) from error
    host = parts.get("host") or parts.get("hostaddr") or "the local socket"
    where = f"{host}:{parts['port']}" if parts.get("port") else str(host)
    return f"database {parts['dbname']} at {where}" if parts.get("dbname") else where


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].removeprefix("connection failed: ")
