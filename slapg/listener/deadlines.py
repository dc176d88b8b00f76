"""Servers that take a question and never answer: a frozen host, a proxy that keeps our side of a dead line.

Neither keepalives nor the kernel notice those, and nothing else would end the wait.
"""

import contextlib
import os
import socket
from collections.abc import Iterator
from threading import Lock
from time import monotonic

from slapg.listener.session import Connection

STATEMENT_SECONDS = 60.0
"""For statements that take milliseconds in a healthy database."""


class Deadlines:
    """How long each connection may wait for its server. Used by several threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ends: dict[Connection, float] = {}

    @contextlib.contextmanager
    def within(self, connection: Connection, seconds: float = STATEMENT_SECONDS) -> Iterator[None]:
        """What is asked in here is answered in time, or raises `psycopg.OperationalError`."""
        with self._lock:
            self._ends[connection] = monotonic() + seconds
        try:
            yield
        finally:
            with self._lock:
                self._ends.pop(connection, None)

    def enforce(self) -> int:
        """End the connections whose time is up, to be called every second or so; how many were ended."""
        now = monotonic()
        with self._lock:  # held, so that none is closed, and its number reused, while we cut it
            overdue = [connection for connection, end in self._ends.items() if now > end]
            for connection in overdue:
                del self._ends[connection]
                _cut(connection)
        return len(overdue)


def _cut(connection: Connection) -> None:
    """Shut its socket down: the thread that waits at it wakes up with an error."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as ours:
        ours.shutdown(socket.SHUT_RDWR)
