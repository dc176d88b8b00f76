"""What happens to a clock, and the pause rows of its ticket: the material that verdicts are counted from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.oracle.business_time import Interval
from tests.oracle.desk import Terms

FOREVER = datetime.max.replace(tzinfo=UTC)
METRICS = ("response", "resolution")


@dataclass(frozen=True)
class Pause:
    """A row of sla.pauses."""

    reason: str
    paused_at: datetime
    resumed_at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    """Something that happened to a clock, with the terms it left behind and the stops known then.

    Kinds: ``sweep``, ``pause`` (also a resume), ``terms`` (also a start or revival), ``reopen``,
    ``complete``, ``gained_complete`` (born or gained already completed), ``cancel``.
    """

    kind: str
    at: datetime
    terms: Terms
    stops: tuple[Interval, ...]
    reason: str | None = None
    completing: bool = False


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


def union(pauses: Iterable[Pause]) -> tuple[Interval, ...]:
    """The times in which any reason holds; touching pauses are one; one that still holds is endless."""
    merged: list[Interval] = []
    for begin, end in sorted((pause.paused_at, pause.resumed_at or FOREVER) for pause in pauses):
        if begin == end:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)
