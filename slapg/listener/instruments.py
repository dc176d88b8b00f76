"""What every part of a listener reports to and is watched by."""

from dataclasses import dataclass, field

from slapg.listener.deadlines import Deadlines
from slapg.listener.health import Health
from slapg.listener.metrics import Metrics

HEARD_WITHIN_SECONDS = 300.0
"""A part that says nothing for so long hangs: longer than a lease, which bounds what a channel may take."""


@dataclass(frozen=True)
class Instruments:
    """The counters, the health and the deadlines of one listener."""

    metrics: Metrics = field(default_factory=Metrics)
    health: Health = field(default_factory=Health)
    deadlines: Deadlines = field(default_factory=Deadlines)

    def alive(self, part: str, within: float = HEARD_WITHIN_SECONDS) -> None:
        """The part works, and is heard from again in so many seconds."""
        self.health.alive(part, within)

    def lost(self, part: str, why: str) -> None:
        """The part lost its database, or did not reach it."""
        self.metrics.connection_lost(part)
        self.health.down(part, why, HEARD_WITHIN_SECONDS)
