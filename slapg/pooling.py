"""Is there a connection pooler between us and the server, and does it keep a session in one piece?

In transaction mode a pooler such as PgBouncer hands each transaction to whichever server connection is free.
Applications that write tickets do not notice. What outlives a transaction (LISTEN, a session's settings and
advisory locks) is lost, or ends up with a stranger.
"""

import secrets
from enum import StrEnum
from select import select
from time import monotonic
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from slapg.config import connect
from slapg.errors import SlapgError

Connection = psycopg.Connection[tuple[Any, ...]]

PROBE_SECONDS = 2.0
"""How long a notification may take to come back through a pooler before it counts as lost."""


class Pooling(StrEnum):
    """What lies between a connection and its server."""

    NONE = "none"
    SESSION = "session"
    """A pooler that keeps one server connection for as long as we are connected."""
    TRANSACTION = "transaction"


def pooling_of(connection: Connection, dsn: str | None) -> Pooling:
    """What `connection`, which was opened to `dsn`, goes through.  Leaves nothing behind on it.

    Raises `SlapgError` when `dsn` does not answer a second time.
    """
    # A pooler invents the process number that it tells its clients; the server's own is another.
    row = connection.execute("select pg_catalog.pg_backend_pid()").fetchone()
    if not connection.autocommit:
        connection.rollback()
    if row and row[0] == connection.info.backend_pid:
        return Pooling.NONE
    return Pooling.SESSION if _hears(dsn) else Pooling.TRANSACTION


def refuse_transaction_pooling(connection: Connection, dsn: str | None, loss: str) -> None:
    """Raise `SlapgError` (wrong use) if a pooler takes the session to pieces; `loss` says what breaks."""
    if pooling_of(connection, dsn) is Pooling.TRANSACTION:
        raise SlapgError(
            f"the connection goes through a pooler in transaction mode (PgBouncer: pool_mode), {loss}",
            hint="give a DSN with the address and port of PostgreSQL itself, or of a pool in session mode",
            exit_code=2,
        )


def _hears(dsn: str | None) -> bool:
    """Whether a LISTEN on one connection hears a NOTIFY of another."""
    channel = sql.Identifier(f"slapg_probe_{secrets.token_hex(8)}")
    with connect(dsn, autocommit=True) as ears, connect(dsn, autocommit=True) as mouth:
        if not (_gets_through(ears, "listen", channel) and _gets_through(mouth, "notify", channel)):
            return True  # it waits for a server connection that others keep, though they are idle
        heard = bool(list(ears.notifies(timeout=PROBE_SECONDS, stop_after=1)))
        ears.execute(sql.SQL("unlisten {}").format(channel))
        return heard


def _gets_through(connection: Connection, verb: LiteralString, channel: sql.Identifier) -> bool:
    """Run a command without waiting long for the pooler, which pays no heed to cancelling meanwhile."""
    pgconn = connection.pgconn
    pgconn.send_query((sql.SQL(verb) + sql.SQL(" ") + channel).as_bytes(connection))
    until = monotonic() + PROBE_SECONDS
    while pgconn.is_busy() and (left := until - monotonic()) > 0:
        if select([pgconn.socket], [], [], left)[0]:
            pgconn.consume_input()
    if pgconn.is_busy():
        connection.close()
        return False
    while pgconn.get_result():
        pass
    return True
