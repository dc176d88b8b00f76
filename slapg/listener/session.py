"""Connections of a process that stays: noticing a dead server, coming back to a restarted one."""

import logging
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any

import psycopg

from slapg.config import connect
from slapg.errors import SlapgError
from slapg.listener.backoff import Backoff

Connection = psycopg.Connection[tuple[Any, ...]]

log = logging.getLogger(__name__)

SETTLED_SECONDS = 30.0
"""A session that lasted this long was a success: the next failure is a new one."""

_ALIVE = {
    "application_name": "slapg listen",
    # A server that vanished without a word (power, network) is noticed within about a minute.
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class DeafError(Exception):
    """A connection that listens does not hear."""


def open_connection(dsn: str | None) -> Connection:
    """An autocommit connection: no transaction, and so no old snapshot, outlives a statement."""
    return connect(dsn, autocommit=True, **_ALIVE)


def keep_serving(
    part: str, serve: Callable[[], None], stop: Event, on_loss: Callable[[str, str], None]
) -> None:
    """Call `serve`, which connects and works until `stop`; again, after a while, when the database is lost.

    `on_loss` is told which part lost it, and why.
    What is not the connection's fault (a missing function or right) is raised: it would not mend itself.
    """
    backoff = Backoff()
    while not stop.is_set():
        began = monotonic()
        try:
            serve()
        except (psycopg.OperationalError, psycopg.InterfaceError, SlapgError, DeafError) as error:
            if monotonic() - began > SETTLED_SECONDS:
                backoff.reset()
            delay = backoff.next()
            why = str(error).strip().partition("\n")[0]
            on_loss(part, why)
            log.warning("%s: lost the database (%s); connecting again in %.1f s", part, why, delay)
            stop.wait(delay)
