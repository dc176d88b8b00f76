"""The parts of a listener, each in a thread with connections of its own, from start to stop."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

from slapg.errors import SlapgError
from slapg.listener.outbox import Outbox
from slapg.listener.relay import Relay
from slapg.listener.session import Connection, keep_serving, open_connection
from slapg.listener.timer import Timer, sweep
from slapg.pooling import refuse_transaction_pooling

log = logging.getLogger(__name__)

CHANNEL = "slapg"
"""Where the database hints that the outbox has something new. Only a hint: the rows are the truth."""

STOP_SECONDS = 0.5
"""How soon a waiting relay notices that it is to stop."""

_RELAY_ROUTINES = (
    "sla.claim_notifications(text,integer,interval)",
    "sla.mark_notification_sent(uuid,bigint)",
    "sla.mark_notification_failed(uuid,bigint,integer,text,boolean)",
)
_TIMER_ROUTINES = ("sla.next_fire_at()", "sla.sweep(integer)")


def run(dsn: str | None, relay: Relay | None, timer: Timer | None, poll_seconds: float, stop: Event) -> None:
    """Serve until `stop` is set; `relay` and `timer` are what to serve.

    Raises `SlapgError` when the database cannot be used at the start, and whatever a part could not survive;
    a lost connection is no such thing.
    """
    check(dsn, relay, timer)
    parts: dict[str, Callable[[], None]] = {}
    if relay is not None:
        parts["relay"] = lambda: _serve_relay(dsn, relay, poll_seconds, stop)
    if timer is not None:
        parts["timer"] = lambda: _serve_timer(dsn, timer, stop)
    failures: list[BaseException] = []
    threads = [
        Thread(target=_run_part, args=(name, part, stop, failures), name=name) for name, part in parts.items()
    ]
    for thread in threads:
        thread.start()
    # No signal wakes a join; this wait is woken, so that handlers run at once.
    stop.wait()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def drain_once(dsn: str | None, relay: Relay | None, timer: Timer | None, stop: Event) -> None:
    """One sweep, if there is a timer, then deliver what is due, and come back."""
    check(dsn, relay, timer)
    with open_connection(dsn) as connection:
        if timer is not None:
            sweep(connection)
        if relay is not None:
            relay.drain(Outbox(connection), stop)


def check(dsn: str | None, relay: Relay | None, timer: Timer | None) -> None:
    """Raises `SlapgError` unless the database answers directly, has slapg in it, and lets us do our work."""
    needed = (_RELAY_ROUTINES if relay else ()) + (_TIMER_ROUTINES if timer else ())
    with open_connection(dsn) as connection:
        refuse_transaction_pooling(connection, dsn, "where LISTEN hears nothing")
        for routine in needed:
            _check_routine(connection, routine)


def _check_routine(connection: Connection, routine: str) -> None:
    # In this order, because looking up a name in a schema that one may not use is an error.
    row = connection.execute(
        """
        select current_user, case
            when to_regnamespace('sla') is null then null
            when not has_schema_privilege(to_regnamespace('sla'), 'usage') then false
            else has_function_privilege(to_regprocedure(%s), 'execute')
        end
        """,
        [routine],
    ).fetchone()
    assert row is not None
    user, allowed = row
    if allowed is None:
        raise SlapgError(f"the database has no {routine}", hint="bring it up to date with: slapg migrate")
    if not allowed:
        raise SlapgError(
            f"role {user} may not call {routine}", hint=f"as a superuser: grant slapg_listener to {user}"
        )


def _run_part(name: str, part: Callable[[], None], stop: Event, failures: list[BaseException]) -> None:
    try:
        keep_serving(name, part, stop)
    except BaseException as error:
        failures.append(error)
        stop.set()


def _serve_timer(dsn: str | None, timer: Timer, stop: Event) -> None:
    with open_connection(dsn) as connection:
        log.info("timer: waiting for the next threshold")
        timer.serve(connection, stop)


def _serve_relay(dsn: str | None, relay: Relay, poll_seconds: float, stop: Event) -> None:
    # The first connection only listens: a query on it could swallow a hint.
    with open_connection(dsn) as hints, open_connection(dsn) as work:
        hints.execute(f"listen {CHANNEL}")
        log.info("relay: listening, for %s", ", ".join(relay.channels))
        while not stop.is_set():
            # First what was missed while nobody listened, and then again after each hint or pause.
            relay.drain(Outbox(work), stop)
            _wait_for_hint(hints, poll_seconds, stop)


def _wait_for_hint(hints: Connection, seconds: float, stop: Event) -> None:
    until = monotonic() + seconds
    while not stop.is_set() and (left := until - monotonic()) > 0:
        # Exhausted, never broken out of: a generator left behind would keep the connection's lock.
        if list(hints.notifies(timeout=min(left, STOP_SECONDS), stop_after=1)):
            return
