"""What is to be delivered."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

DIGEST = "digest"
"""Template of a message that carries several notifications."""


@dataclass(frozen=True)
class Notification:
    """One row of `sla.notifications` as `sla.claim_notifications` gives it, or a digest of several."""

    tenant_id: UUID
    notification_id: int
    ticket_id: UUID
    event_id: int | None
    user_id: UUID | None
    """None: whoever listens at the other end of the channel."""
    channel: str
    kind: str
    """What delivers it: email, webhook, apprise or redis."""
    template: str
    payload: dict[str, Any]
    """What the message says, as it was when the row was written; any key may be absent."""
    attempt: int
    """1 for the first try; names this try when its outcome is recorded."""
    created_at: datetime
    recipient_name: str | None
    recipient_email: str | None
    locale: str
    """Language of the recipient, such as `de` or `pt_BR`."""
    url: str | None
    """Where the channel goes, secrets in it still by reference; None: the listener's own mail server."""
    sender: str | None
    signing_secret: str | None
    """Reference to the secret that signs webhooks."""
    config_version: int
    """Version of the tenant's configuration, its templates included."""
    digest_id: int | None = None
    is_alone: bool = False
    """True: a listener ended while it had this, perhaps because of it; claim no other meanwhile."""
    members: tuple["Notification", ...] = field(default=(), repr=False)
    """Of a digest, the notifications that it carries, in order; empty for a single one."""

    @property
    def endpoint(self) -> str:
        """Names where it goes among all endpoints of its kind; never holds a secret."""
        return self.url or ""

    def __str__(self) -> str:
        whom = self.recipient_name or "nobody in particular"
        if self.members:
            carried = f"{len(self.members)} notifications, {self.channel} for {whom}"
            return f"digest {self.notification_id} ({carried})"
        ticket = self.payload.get("ticket_number") or self.ticket_id
        what = f"{self.template}, ticket {ticket}, {self.channel} for {whom}"
        return f"notification {self.notification_id} ({what})"
