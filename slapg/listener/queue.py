"""How much waits in the outbox, and how late the sweep is: what only the database knows, for the metrics."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

import psycopg
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from slapg.config import connect
from slapg.errors import SlapgError

Connection = psycopg.Connection[tuple[Any, ...]]

log = logging.getLogger(__name__)

KEPT_SECONDS = 5.0
"""An answer serves all who ask within this time; a failure, too, so that nobody storms a sick server."""

ANSWER_SECONDS = 5
"""For each answer of the database: who scrapes or probes gives up after about ten seconds."""

_IMPATIENT = {
    "application_name": "slapg listen: metrics",
    "connect_timeout": 3,
    "tcp_user_timeout": ANSWER_SECONDS * 1000,
}


@dataclass(frozen=True)
class QueueState:
    """What the database answered; `problem` says why it did not."""

    problem: str | None = None
    depth: dict[tuple[str, str], int] = field(default_factory=dict)
    """Notifications by channel and state."""
    oldest_seconds: dict[str, float] = field(default_factory=dict)
    """By channel: how long the notification that is due longest has been due."""
    sweep_lag_seconds: float = 0.0
    """How long the oldest crossing that is not recorded yet has been due."""


class QueueCollector(Collector):
    """Asks over a connection of its own, opened when first needed; used by several threads at once."""

    def __init__(self, dsn: str | None, kept_seconds: float = KEPT_SECONDS) -> None:
        self._dsn = dsn
        self._kept_seconds = kept_seconds
        self._lock = Lock()
        self._connection: Connection | None = None
        self._state = QueueState("not asked yet")
        self._asked_at: float | None = None

    def read(self) -> QueueState:
        """What the database says, at most `kept_seconds` old; never raises."""
        # A server that was stopped, not ended, keeps whoever asks waiting: one thread, not each that comes.
        if not self._lock.acquire(timeout=ANSWER_SECONDS):
            return QueueState("the database does not answer")
        try:
            if self._asked_at is None or monotonic() - self._asked_at > self._kept_seconds:
                self._state = self._ask()
                self._asked_at = monotonic()
            return self._state
        finally:
            self._lock.release()

    def close(self) -> None:
        """Let go of the connection, unless a question is under way; the process then ends with it."""
        if self._lock.acquire(timeout=0.5):
            self._drop()
            self._lock.release()

    def describe(self) -> list[Metric]:
        """The metrics without values, so that registering asks nothing of the database."""
        return list(families(QueueState()))

    def collect(self) -> Iterator[Metric]:
        """The metrics; `slapg_database_up` alone while the database is away: old values would lie."""
        return families(self.read())

    def _ask(self) -> QueueState:
        try:
            if self._connection is None:
                self._connection = _open(self._dsn)
            return _query(self._connection)
        except (psycopg.Error, SlapgError) as error:
            self._drop()
            why = str(error).strip().partition("\n")[0]
            log.debug("the metrics cannot ask the database: %s", why)
            return QueueState(why)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _open(dsn: str | None) -> Connection:
    connection = connect(dsn, autocommit=True, **_IMPATIENT)
    connection.execute("select set_config('statement_timeout', %s, false)", [f"{ANSWER_SECONDS}s"])
    return connection


def _query(connection: Connection) -> QueueState:
    rows = connection.execute(
        """
        select q.channel, q.state, q.notifications, extract(epoch from q.oldest_due)::float8
        from sla.queue_depth() as q (channel, state, notifications, oldest_due)
        """
    ).fetchall()
    lag = connection.execute(
        "select greatest(0, extract(epoch from sla.now() - sla.next_fire_at()))::float8"
    ).fetchone()
    assert lag is not None
    oldest: defaultdict[str, float] = defaultdict(float)
    for channel, _, _, seconds in rows:
        oldest[channel] = max(oldest[channel], seconds or 0.0)
    return QueueState(
        depth={(channel, state): count for channel, state, count, _ in rows},
        oldest_seconds=dict(oldest),
        sweep_lag_seconds=lag[0],
    )


def families(state: QueueState) -> Iterator[Metric]:
    """An answer of the database as metrics."""
    is_up = state.problem is None
    yield GaugeMetricFamily("slapg_database_up", "1: the database answers, 0: it does not.", value=int(is_up))
    if not is_up:
        return
    depth = GaugeMetricFamily(
        "slapg_queue_notifications", "Notifications in the outbox.", labels=["channel", "state"]
    )
    for key, count in state.depth.items():
        depth.add_metric(key, count)
    yield depth
    oldest = GaugeMetricFamily(
        "slapg_queue_oldest_seconds",
        "How long the notification that is due longest has been due.",
        labels=["channel"],
    )
    for channel, seconds in state.oldest_seconds.items():
        oldest.add_metric([channel], seconds)
    yield oldest
    yield GaugeMetricFamily(
        "slapg_sweep_lag_seconds",
        "How long the oldest crossing that is not recorded yet has been due; 0: none is.",
        value=state.sweep_lag_seconds,
    )
