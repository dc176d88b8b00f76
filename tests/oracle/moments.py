"""What happens to a clock, and the pause rows of its ticket: the material that verdicts are counted from."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.oracle.desk import Terms

METRICS = ("response", "resolution")


@dataclass(frozen=True)
class Pause:
    """A row of sla.pauses."""

    reason: str
    paused_at: datetime
    resumed_at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """Something that happened to a clock, with the terms it left behind and the pauses known then.

    Kinds: ``sweep``, ``pause`` (also a resume), ``terms`` (also a start or revival), ``reopen``,
    ``complete``, ``gained_complete`` (born or gained already completed), ``cancel``.
    """

    kind: str
    at: datetime
    terms: Terms
    pauses: tuple[Pause, ...]
    reason: str | None = None


@dataclass
class Life:
    """One clock: a metric and a cycle of a ticket."""

    metric: str
    cycle: int
    started_at: datetime
    changed_at: datetime
    moments: list[Moment] = field(default_factory=list)

    @property
    def state(self) -> str:
        last = next(m.kind for m in reversed(self.moments) if m.kind not in {"sweep", "pause"})
        return {
            "complete": "completed",
            "gained_complete": "completed",
            "cancel": "cancelled",
        }.get(last, "open")

    @property
    def terms(self) -> Terms:
        return self.moments[-1].terms
