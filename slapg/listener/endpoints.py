"""Which endpoints of a channel are in trouble, so that they hold up nobody else."""

from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from slapg.listener.backoff import Backoff
from slapg.listener.outcome import Verdict

SLOW_SECONDS = 3.0
"""A failure that took so long kept others waiting; one that came at once did not."""


@dataclass
class _Trouble:
    backoff: Backoff = field(default_factory=Backoff)
    rests_until: float = 0.0
    is_tried: bool = False
    """One message probes it at this moment."""

    def rests(self, now: float) -> bool:
        return now < self.rests_until


class Endpoints:
    """An unreachable endpoint rests, longer each time; then one message at a time probes it.

    It is sound again when one fared well. One that fails slowly gets one message at a time, without a rest.
    Used by several threads at once.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._troubles: dict[str, _Trouble] = {}

    def begin(self, endpoint: str) -> bool:
        """Ask to send there: no, while it rests or is probed. After a yes, `end` must follow."""
        with self._lock:
            trouble = self._troubles.get(endpoint)
            if trouble is None:
                return True
            if trouble.is_tried or trouble.rests(monotonic()):
                return False
            trouble.is_tried = True
            return True

    def end(self, endpoint: str, verdict: Verdict, seconds: float) -> None:
        """How it went there."""
        with self._lock:
            if verdict is Verdict.UNREACHABLE:
                self._rest(self._troubles.setdefault(endpoint, _Trouble()))
            elif verdict is Verdict.FAILED and seconds > SLOW_SECONDS:
                self._troubles.setdefault(endpoint, _Trouble()).is_tried = False
            else:
                self._troubles.pop(endpoint, None)

    def blocked(self) -> list[str]:
        """Endpoints that nothing more is to be claimed for at this moment."""
        now = monotonic()
        with self._lock:
            return [name for name, it in self._troubles.items() if it.is_tried or it.rests(now)]

    def seconds_to_probe(self) -> float | None:
        """Until the first one that rests has rested enough; None: none rests."""
        now = monotonic()
        with self._lock:
            waits = [it.rests_until - now for it in self._troubles.values() if it.rests(now)]
        return min(waits, default=None)

    @staticmethod
    def _rest(trouble: _Trouble) -> None:
        trouble.is_tried = False
        now = monotonic()
        if not trouble.rests(now):  # what failed together, failed once
            trouble.rests_until = now + trouble.backoff.next()
