"""Waiting longer after each failure."""

import random


class Backoff:
    """1 s, 2 s, 4 s, … up to `cap` seconds, each cut by up to a half at random.

    The cut keeps many listeners, all thrown out by one restart, from coming back in one instant.
    """

    def __init__(self, cap: float = 30.0) -> None:
        self._cap = cap
        self._next = 1.0

    def next(self) -> float:
        """Seconds to wait now."""
        delay, self._next = self._next, min(self._next * 2, self._cap)
        return delay * random.uniform(0.5, 1)  # noqa: S311 (no secret)

    def reset(self) -> None:
        """Begin anew, after a success."""
        self._next = 1.0
