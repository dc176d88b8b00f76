"""What the parts of a listener say of themselves: the truth behind `/healthz` and the watchdog."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from time import monotonic


@dataclass(frozen=True)
class _Word:
    """The last word of a part: what troubles it (None: nothing), and until when that counts."""

    problem: str | None
    said_at: float
    due_at: float | None


class Health:
    """The state of each part, as the part last said it. Used by several threads at once.

    Two things are told apart. A part that is *down* runs and says why it cannot work (the database is away).
    A part that is *hung* promised to be heard from and was not; only that calls for a new process.
    """

    def __init__(self, parts: Iterable[str] = ()) -> None:
        """`parts` are expected: each is down until it says that it is alive."""
        self._lock = Lock()
        self._words = {part: _Word("has not started yet", monotonic(), None) for part in parts}

    def alive(self, part: str, within: float | None = None) -> None:
        """The part works. `within`: it is heard from again in so many seconds, or counts as hung."""
        self._note(part, None, within)

    def down(self, part: str, why: str, within: float | None = None) -> None:
        """The part cannot work, for the reason given (one line, no secrets); `within` as for `alive`."""
        self._note(part, why, within)

    def gone(self, part: str) -> None:
        """The part is finished and is missed no more."""
        with self._lock:
            self._words.pop(part, None)

    def hung(self) -> list[str]:
        """Parts that broke their promise to be heard from; while there are any, feed no watchdog."""
        now = monotonic()
        return [part for part, word in self._all() if _is_overdue(word, now)]

    def problems(self) -> dict[str, str | None]:
        """Each part, with what is wrong with it in one line; None: it is well."""
        now = monotonic()
        return {part: _say(word, now) for part, word in self._all()}

    def _note(self, part: str, problem: str | None, within: float | None) -> None:
        now = monotonic()
        with self._lock:
            self._words[part] = _Word(problem, now, None if within is None else now + within)

    def _all(self) -> list[tuple[str, _Word]]:
        with self._lock:
            return list(self._words.items())


def _is_overdue(word: _Word, now: float) -> bool:
    return word.due_at is not None and now > word.due_at


def _say(word: _Word, now: float) -> str | None:
    if _is_overdue(word, now):
        return f"not heard from for {now - word.said_at:.0f} s"
    return word.problem
