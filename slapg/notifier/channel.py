"""What a channel (e-mail, webhook, …) has to offer, and how it says no."""

from typing import Protocol

from slapg.notifier.notification import Notification


class Channel(Protocol):
    """A way to reach people. Used by one thread at a time."""

    @property
    def name(self) -> str:
        """Its name in `sla.notifications.channel`."""

    def send(self, notification: Notification) -> None:
        """Deliver it; return once it is accepted. Raises `DeliveryError`.

        Must come back well within the lease of a claim (two minutes): after it, somebody else delivers again.
        """

    def close(self) -> None:
        """Let go of connections, as nothing more is to be sent for now; `send` may be called again."""


class DeliveryError(Exception):
    """A notification was not accepted, in one line.

    `is_permanent`: trying again would bring the same answer.
    """

    def __init__(self, message: str, *, is_permanent: bool = False) -> None:
        super().__init__(" ".join(message.split()))
        self.is_permanent = is_permanent


class UnreachableError(DeliveryError):
    """The channel itself is out of order: notifications behind this one would fail as well."""
