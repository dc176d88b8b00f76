"""What is to be delivered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Notification:
    """One claimed row of `sla.notifications` (the columns of `sla.claim_notifications`)."""

    tenant_id: UUID
    notification_id: int
    ticket_id: UUID
    channel: str
    template: str
    payload: dict[str, Any]
    """What the message says, as it was when the row was written; any key may be absent."""
    attempt: int
    """1 for the first try; names this try when its outcome is recorded."""
    recipient_name: str | None
    recipient_email: str | None

    def __str__(self) -> str:
        ticket = self.payload.get("ticket_number") or self.ticket_id
        whom = self.recipient_name or "nobody in particular"
        what = f"{self.template}, ticket {ticket}, {self.channel} for {whom}"
        return f"notification {self.notification_id} ({what})"
