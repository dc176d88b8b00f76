"""How a delivery went."""

from dataclasses import dataclass
from enum import StrEnum

from slapg.notifier import Notification


class Verdict(StrEnum):
    """The outcomes that `sla.record_deliveries` knows."""

    SENT = "sent"
    FAILED = "failed"
    """To be tried again."""
    REFUSED = "refused"
    """For good."""
    UNREACHABLE = "unreachable"
    """Nothing was said to anybody: it costs no attempt."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claimed notification (or digest)."""

    notification: Notification
    verdict: Verdict
    error: str | None = None
    """Why it was not sent, or a remark to keep with what was sent."""
    was_tried: bool = True
    """False: it is handed back as it was."""

    @classmethod
    def handed_back(cls, notification: Notification) -> "Outcome":
        """Somebody else may have it, at once."""
        return cls(notification, Verdict.UNREACHABLE, was_tried=False)
