"""Hearing of news: the connection that listens, and the proof that it still hears."""

import secrets
from collections.abc import Callable
from threading import Event
from time import monotonic

from slapg.listener.instruments import Instruments
from slapg.listener.session import Connection, DeafError

CHANNEL = "slapg"
"""Where the database hints that the outbox has something new. Only a hint: the rows are the truth."""
HEARTBEAT_CHANNEL = "slapg_heartbeat"
"""Where listeners call to themselves."""

STOP_SECONDS = 0.5
"""How soon it notices that it is to stop."""
ANSWER_SECONDS = 10.0
"""A heartbeat that did not come back within this time never will: the connection is as good as dead."""


class Hints:
    """Wakes the lines at each hint, and calls to itself through the database every `heartbeat_seconds`."""

    def __init__(self, wake: Callable[[], None], instruments: Instruments, heartbeat_seconds: float) -> None:
        self._wake = wake
        self._instruments = instruments
        self._every = heartbeat_seconds
        self._name = secrets.token_hex(8)

    def serve(self, part: str, ears: Connection, mouth: Connection, stop: Event) -> None:
        """Hear until `stop`, after `listen`.

        Raises `DeafError` when a heartbeat is lost, `psycopg.Error` when the database is.
        `ears` only listens: a query on it could swallow a hint.
        """
        beat_at, called_at = monotonic(), None
        while not stop.is_set():
            self._instruments.alive(part)
            now = monotonic()
            if called_at is not None and now > called_at + ANSWER_SECONDS:
                raise DeafError(f"no heartbeat came back within {ANSWER_SECONDS:g} s")
            if called_at is None and now >= beat_at:
                with self._instruments.deadlines.within(mouth, ANSWER_SECONDS):
                    mouth.execute("select pg_catalog.pg_notify(%s, %s)", [HEARTBEAT_CHANNEL, self._name])
                beat_at, called_at = now + self._every, now
            if self._hear(ears):
                called_at = None
                self._instruments.metrics.heartbeat()

    def listen(self, ears: Connection) -> None:
        """From here on nothing is missed; what came before is looked for once."""
        ears.execute(f"listen {CHANNEL}")
        ears.execute(f"listen {HEARTBEAT_CHANNEL}")
        self._wake()

    def _hear(self, ears: Connection) -> bool:
        """Wait a little for hints; whether the own call was among them."""
        # Exhausted, never broken out of: a generator left behind would keep the connection's lock.
        heard = list(ears.notifies(timeout=STOP_SECONDS, stop_after=1))
        if any(hint.channel == CHANNEL for hint in heard):
            self._wake()
        return any(hint.channel == HEARTBEAT_CHANNEL and hint.payload == self._name for hint in heard)
