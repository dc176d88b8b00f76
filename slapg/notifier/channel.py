"""What a kind of channel (e-mail, webhook, …) has to offer, and how it says no."""

import re
from typing import Protocol

from slapg.notifier.notification import Notification


class Channel(Protocol):
    """A way to reach people or systems, for all endpoints of its kind. Used by several threads at once."""

    @property
    def kind(self) -> str:
        """Its kind in `sla.channels.kind`."""

    @property
    def concurrency(self) -> int:
        """How many messages may be under way at once."""

    def send(self, notification: Notification) -> str | None:
        """Deliver it; return once it is accepted. Raises `DeliveryError`.

        Returns a remark to keep with the sent message (a template that failed), if there is one.

        Must come back well within the lease of a claim (two minutes): after it, somebody else delivers again.
        """

    def close(self) -> None:
        """Let go of idle connections, as nothing more is to be sent for now; `send` may be called again."""


_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""What neither a log nor PostgreSQL takes in a text: NUL, and halves of surrogate pairs."""


def writable(text: str) -> str:
    """The text as it can be written down anywhere, whatever an endpoint answered."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class DeliveryError(Exception):
    """A notification was not accepted, in one line, without any secret.

    `is_permanent`: trying again would bring the same answer.
    """

    def __init__(self, message: str, *, is_permanent: bool = False) -> None:
        super().__init__(" ".join(writable(message).split()))
        self.is_permanent = is_permanent


class UnreachableError(DeliveryError):
    """The endpoint itself is out of order: no conversation came about, so it is nothing that the message did.

    It costs the notification no attempt; the endpoint rests, and what waits for it waits with it.
    """
