"""From the outbox to the channels."""

from collections.abc import Collection, Iterable, Mapping

from slapg.listener.instruments import Instruments
from slapg.listener.line import LEASE_SECONDS, Line
from slapg.notifier import Channel


class Relay:
    """A line for each kind of channel, none of which waits for another.

    `window`: how many messages each line has in hand at most, sent or not; twice what its channel takes at
    once when None. `lease_seconds`: how long a claim is ours; after a kill, what was in hand waits so long.
    `passed_over`: by kind, endpoints that are left to other listeners.
    """

    def __init__(
        self,
        channels: Iterable[Channel],
        *,
        instruments: Instruments | None = None,
        lease_seconds: float = LEASE_SECONDS,
        window: int | None = None,
        passed_over: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        instruments = instruments or Instruments()
        others = passed_over or {}
        self.lines = [
            Line(channel, instruments, lease_seconds, window, others.get(channel.kind, ()))
            for channel in channels
        ]

    @property
    def kinds(self) -> list[str]:
        """Kinds of channels that it serves; it claims nothing of others."""
        return [line.kind for line in self.lines]

    def wake(self) -> None:
        """There may be something new in the outbox."""
        for line in self.lines:
            line.wake()

    def stop(self) -> None:
        """Claim no more, begin no other message; what is under way is finished."""
        for line in self.lines:
            line.stop()

    def close(self) -> None:
        """End its threads, after `stop`."""
        for line in self.lines:
            line.close()
