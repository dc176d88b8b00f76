"""What a listener counts, for Prometheus, in a registry of its own: several can live in one process."""

import platform
from collections.abc import Iterable
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.process_collector import ProcessCollector

from slapg import __version__
from slapg.listener.queue import QueueCollector

DELIVERY_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LATENESS_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
SWEEP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)


class Metrics:
    """Counters that the parts of a listener feed; used by several threads at once.

    `queue` adds what only the database knows: the depth of the outbox and the lag of the sweep.
    """

    def __init__(self, queue: QueueCollector | None = None) -> None:
        self.registry = registry = CollectorRegistry()
        self._heard_at: float | None = None
        self._attempts = Counter(
            "slapg_delivery_attempts",
            "Attempts to deliver a message; outcome is sent, failed, refused or unreachable.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._delivery = Histogram(
            "slapg_delivery_seconds",
            "How long an attempt took at the other end.",
            ["kind"],
            buckets=DELIVERY_SECONDS,
            registry=registry,
        )
        self._lateness = Histogram(
            "slapg_threshold_lateness_seconds",
            "From the crossing of a threshold to its row, of what this listener's timer swept.",
            buckets=LATENESS_SECONDS,
            registry=registry,
        )
        self._sweeps = Histogram(
            "slapg_sweep_seconds",
            "How long a sweep by this listener's timer took.",
            buckets=SWEEP_SECONDS,
            registry=registry,
        )
        self._sweep_count = Counter("slapg_sweeps", "Sweeps by this listener's timer.", registry=registry)
        self._lost = Counter(
            "slapg_connections_lost",
            "Connections to the database that ended under a part of the listener.",
            ["part"],
            registry=registry,
        )
        self._template_errors = Counter(
            "slapg_template_errors",
            "Messages in the shipped words, because the tenant's own template failed.",
            ["template"],
            registry=registry,
        )
        Gauge(
            "slapg_heartbeat_age_seconds",
            "Since the last NOTIFY that came back to the listener; NaN before the first.",
            registry=registry,
        ).set_function(self._heartbeat_age)
        build = {"version": __version__, "python": platform.python_version()}
        Info("slapg_build", "What runs.", registry=registry).info(build)
        ProcessCollector(registry=registry)
        if queue is not None:
            registry.register(queue)

    def attempted(self, kind: str, outcome: str, seconds: float) -> None:
        """A message was handed to a channel of this kind; `outcome` as in `sla.record_deliveries`."""
        self._attempts.labels(kind, outcome).inc()
        self._delivery.labels(kind).observe(seconds)

    def connection_lost(self, part: str) -> None:
        """The part's connection to the database ended, or could not be opened."""
        self._lost.labels(part).inc()

    def swept(self, seconds: float) -> None:
        """The timer ran a sweep, which took so long."""
        self._sweep_count.inc()
        self._sweeps.observe(seconds)

    def crossed_late(self, seconds: Iterable[float]) -> None:
        """Thresholds were recorded, each so long after its crossing."""
        for one in seconds:
            self._lateness.observe(one)

    def heartbeat(self) -> None:
        """A NOTIFY of this process came back to it."""
        self._heard_at = monotonic()

    def template_failed(self, template: str) -> None:
        """A tenant's own template failed and the shipped one was used."""
        self._template_errors.labels(template).inc()

    def _heartbeat_age(self) -> float:
        return float("nan") if self._heard_at is None else monotonic() - self._heard_at
