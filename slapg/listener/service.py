"""The parts of a listener, each in a thread with connections of its own, from start to stop."""

import contextlib
import logging
from collections.abc import Callable
from threading import Event, Thread

import psycopg

from slapg.errors import SlapgError
from slapg.listener import systemd
from slapg.listener.hints import Hints
from slapg.listener.instruments import Instruments
from slapg.listener.line import Line
from slapg.listener.outbox import Outbox
from slapg.listener.relay import Relay
from slapg.listener.session import Connection, keep_serving, open_connection
from slapg.listener.timer import Timer, sweep
from slapg.pooling import refuse_transaction_pooling

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 30.0
"""How often a listener makes sure that it still hears hints."""
CHECK_SECONDS = 1.0
"""How often to look for connections whose server does not answer."""
START_SECONDS = 0.1
"""How often to look whether all parts have started."""

_RELAY_ROUTINES = (
    "sla.claim_notifications(text,integer,interval,text[])",
    "sla.record_deliveries(uuid[],bigint[],integer[],text[],text[])",
)
_TIMER_ROUTINES = ("sla.next_fire_at()", "sla.sweep(integer)")

Part = Callable[[], None]


def run(
    dsn: str | None,
    relay: Relay | None,
    timer: Timer | None,
    poll_seconds: float,
    stop: Event,
    *,
    instruments: Instruments | None = None,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> None:
    """Serve until `stop` is set; `relay` and `timer` are what to serve.

    Raises `SlapgError` when the database cannot be used at the start, and whatever a part could not survive;
    a lost connection is no such thing.
    """
    check(dsn, relay, timer)
    instruments = instruments or Instruments()
    parts: dict[str, Part] = {}
    if relay is not None:
        hints = Hints(relay.wake, instruments, heartbeat_seconds)
        parts["relay"] = lambda: _hear(dsn, hints, relay, stop)
        for line in relay.lines:
            parts[line.kind] = _line_part(dsn, line, poll_seconds, instruments)
    if timer is not None:
        parts["timer"] = lambda: _time(dsn, timer, stop, instruments)
    for part in parts:
        instruments.health.down(part, "has not started yet")
    failures: list[BaseException] = []
    threads = [
        Thread(target=_run_part, args=(name, part, stop, instruments, failures), name=name)
        for name, part in parts.items()
    ]
    for thread in threads:
        thread.start()
    _supervise(instruments, stop)
    if relay is not None:
        relay.stop()
    for thread in threads:
        while thread.is_alive():
            thread.join(CHECK_SECONDS)
            instruments.deadlines.enforce()
    if relay is not None:
        _say_farewell(dsn, relay)
    if failures:
        raise failures[0]


def drain_once(dsn: str | None, relay: Relay | None, timer: Timer | None, stop: Event) -> None:
    """One sweep, if there is a timer, then deliver what is due, and come back."""
    check(dsn, relay, timer)
    if timer is not None:
        with open_connection(dsn) as connection:
            sweep(connection)
    if relay is None:
        return
    failures: list[BaseException] = []
    threads = [Thread(target=_drain_line, args=(dsn, line, failures)) for line in relay.lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(START_SECONDS)  # no signal wakes a join
            if stop.is_set():
                relay.stop()
    relay.stop()
    relay.close()
    if failures:
        raise failures[0]


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


def _supervise(instruments: Instruments, stop: Event) -> None:
    """Keep deadlines and tell systemd how we are, until `stop`; in the main thread, which signals wake."""
    while not stop.wait(START_SECONDS):
        instruments.deadlines.enforce()
        if not any(instruments.health.problems().values()):
            systemd.tell(systemd.READY)
            break
    every = min(systemd.watchdog_seconds() or CHECK_SECONDS, CHECK_SECONDS)
    while not stop.wait(every):
        instruments.deadlines.enforce()
        if not instruments.health.hung():
            systemd.tell(systemd.WATCHDOG)
    systemd.tell(systemd.STOPPING)


def _run_part(
    name: str, part: Part, stop: Event, instruments: Instruments, failures: list[BaseException]
) -> None:
    try:
        keep_serving(name, part, stop, instruments.lost)
    except BaseException as error:
        failures.append(error)
        stop.set()
    finally:
        instruments.health.gone(name)


def _time(dsn: str | None, timer: Timer, stop: Event, instruments: Instruments) -> None:
    with open_connection(dsn) as connection:
        log.info("timer: waiting for the next threshold")
        timer.serve(connection, stop, instruments)


def _hear(dsn: str | None, hints: Hints, relay: Relay, stop: Event) -> None:
    with open_connection(dsn) as ears, open_connection(dsn) as mouth:
        hints.listen(ears)
        log.info("relay: listening, for %s", ", ".join(relay.kinds))
        hints.serve("relay", ears, mouth, stop)


def _line_part(dsn: str | None, line: Line, poll_seconds: float, instruments: Instruments) -> Part:
    def serve() -> None:
        with open_connection(dsn) as connection:
            instruments.alive(line.kind)
            line.serve(Outbox(connection, instruments.deadlines), poll_seconds)

    return serve


def _drain_line(dsn: str | None, line: Line, failures: list[BaseException]) -> None:
    try:
        with open_connection(dsn) as connection:
            line.drain(Outbox(connection))
    except BaseException as error:
        failures.append(error)


def _say_farewell(dsn: str | None, relay: Relay) -> None:
    """Record what lines could not while the database was away when the stop came: one more try each."""
    for line in relay.lines:
        if line.unrecorded:
            with contextlib.suppress(psycopg.Error, SlapgError), open_connection(dsn) as connection:
                line.drain(Outbox(connection))
        if line.unrecorded:
            log.error(
                "%s: the database is away; %d messages in hand stay unrecorded and may be sent again",
                line.kind, line.unrecorded,
            )  # fmt: skip
    relay.close()
