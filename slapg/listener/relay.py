"""From the outbox to the channels."""

import logging
from collections.abc import Iterable
from threading import Event
from time import monotonic

from slapg.listener.backoff import Backoff
from slapg.listener.outbox import Outbox
from slapg.notifier import Channel, DeliveryError, Notification, UnreachableError

log = logging.getLogger(__name__)


class Relay:
    """Empties the outbox into its channels, one notification after the other.

    Lives longer than a database connection: what was sent while the connection broke is recorded over the
    next one, so that nobody is told twice.
    """

    def __init__(self, channels: Iterable[Channel]) -> None:
        self._lines = [_Line(channel) for channel in channels]
        self._unrecorded: tuple[Notification, DeliveryError | None] | None = None

    @property
    def channels(self) -> list[str]:
        """Names of the channels that it serves; it claims nothing of others."""
        return [line.name for line in self._lines]

    def drain(self, outbox: Outbox, stop: Event) -> int:
        """Deliver what is due until nothing is, or until `stop`; how many were tried.

        A notification in hand is finished, whatever happens.
        """
        self._record(outbox)
        tried = 0
        try:
            while passed := sum(self._deliver_next(line, outbox, stop) for line in self._lines):
                tried += passed
        finally:
            for line in self._lines:
                line.channel.close()
        return tried

    def _deliver_next(self, line: "_Line", outbox: Outbox, stop: Event) -> bool:
        if stop.is_set() or line.rests():
            return False
        notification = outbox.claim(line.name)
        if notification is None:
            return False
        self._unrecorded = notification, line.send(notification)
        self._record(outbox)
        return True

    def _record(self, outbox: Outbox) -> None:
        if self._unrecorded is None:
            return
        notification, error = self._unrecorded
        state = outbox.record(notification, error)
        self._unrecorded = None
        if error is None:
            log.info("sent %s", notification)
        else:
            log.warning(
                "attempt %d of %s failed, now %s: %s", notification.attempt, notification, state, error
            )


class _Line:
    """A channel, and the rest that it takes while it is out of order.

    Without the rest, an outage would use up the attempts of everything in the queue within seconds.
    """

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.name = channel.name
        self._backoff = Backoff()
        self._rests_until = 0.0

    def rests(self) -> bool:
        return monotonic() < self._rests_until

    def send(self, notification: Notification) -> DeliveryError | None:
        """None: it was accepted."""
        try:
            self.channel.send(notification)
        except UnreachableError as error:
            self._rests_until = monotonic() + self._backoff.next()
            return error
        except DeliveryError as error:
            return error
        except Exception as error:  # one that nobody foresaw must not stop all the others
            log.exception("channel %s broke down on %s", self.name, notification)
            return DeliveryError(f"{type(error).__name__}: {error}")
        self._backoff.reset()
        return None
