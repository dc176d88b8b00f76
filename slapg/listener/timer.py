"""The sweep on the second."""

from datetime import datetime
from threading import Event
from time import monotonic

from slapg.listener.instruments import Instruments
from slapg.listener.metrics import Metrics
from slapg.listener.session import Connection

SWEEP_WITHIN_SECONDS = 600.0
"""A sweep ends itself before five minutes are up; a timer that says nothing for twice as long hangs."""

LOOK_SECONDS = 0.25
"""How often the timer looks for a crossing nearer than the one it waits for: ticket writes send no hint,
because NOTIFY would make all of them queue for one lock. Also the wait after a pass that settled nothing:
the ticket may be locked by an application, or another sweep may be under way."""

GAP_SECONDS = 0.1
"""After a pass that settled something: a busy minute costs ten passes a second at most."""


class Timer:
    """Waits for the next crossing of any clock and calls the sweep then."""

    def serve(self, connection: Connection, stop: Event, instruments: Instruments) -> None:
        """Work until `stop`; raises `psycopg.Error` when the database is lost."""
        while not stop.is_set():
            instruments.alive("timer", SWEEP_WITHIN_SECONDS)
            with instruments.deadlines.within(connection, SWEEP_WITHIN_SECONDS):
                wait = self.step(connection, instruments.metrics)
            stop.wait(wait)

    def step(self, connection: Connection, metrics: Metrics | None = None) -> float:
        """Sweep if a crossing is due; seconds to wait until the next step."""
        due_at, seconds = _next_fire(connection)
        if due_at is None:
            return LOOK_SECONDS
        if seconds > 0:
            return min(seconds, LOOK_SECONDS)
        began = monotonic()
        sweep(connection)
        took = monotonic() - began
        settled = _next_fire(connection)[0] != due_at
        if metrics is not None:
            metrics.swept(took)
            # No later than the first of the pass was any other: a bound, for which no row need be read.
            metrics.crossed_late([took - seconds] if settled else [])
        return GAP_SECONDS if settled else LOOK_SECONDS


def sweep(connection: Connection) -> None:
    """Settle all that is due; the connection must be in autocommit mode, because the sweep commits."""
    connection.execute("call sla.sweep()")


def _next_fire(connection: Connection) -> tuple[datetime | None, float]:
    """The next crossing and the seconds until then by the database's clock, negative when it is overdue."""
    row = connection.execute(
        """
        select f.at, coalesce(extract(epoch from f.at - sla.now()), 0)::float8
        from sla.next_fire_at() as f (at)
        """
    ).fetchone()
    assert row is not None
    return row
