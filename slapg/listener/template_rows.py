"""Tenants' own templates, read from the database when a renderer asks for them."""

import contextlib
from threading import Lock
from uuid import UUID

import psycopg

from slapg.listener.session import Connection, open_connection

Row = tuple[str, str, str]


class TemplateRows:
    """Reads `sla.message_templates` over a connection of its own, opened when first needed.

    Used by several threads, one after the other: they ask once for each version of a tenant's configuration.
    """

    def __init__(self, dsn: str | None) -> None:
        self._dsn = dsn
        self._lock = Lock()
        self._connection: Connection | None = None

    def load(self, tenant_id: UUID) -> list[Row]:
        """Template, locale (empty: any) and body of each; raises when the database does not answer."""
        with self._lock:
            if self._connection is not None:
                with contextlib.suppress(psycopg.OperationalError):  # it may be from before a restart
                    return _read(self._connection, tenant_id)
                self._connection.close()
            self._connection = open_connection(self._dsn)
            return _read(self._connection, tenant_id)

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()


def _read(connection: Connection, tenant_id: UUID) -> list[Row]:
    return connection.execute(
        "select template, locale, body from sla.load_message_templates(%s)", [tenant_id]
    ).fetchall()
