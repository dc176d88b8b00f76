"""One message through a channel, to see whether it works."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from slapg.notifications.channels import ChannelRow
from slapg.notifications.preview import template_rows
from slapg.notifier.channels import open_channels
from slapg.notifier.mail import MailDefaults
from slapg.notifier.notification import Notification
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import Secrets

Connection = psycopg.Connection[Any]

TITLE = "Test of the channel: nothing has happened"

_TENANT = """
    select tenant_id, config_version, locale, timezone from sla.settings
    where tenant_id = helpdesk.current_tenant()
"""


@dataclass(frozen=True)
class Means:
    """What a listener would be started with."""

    mail: MailDefaults | None
    secrets: Secrets
    templates_dir: Path | None = None


def try_channel(connection: Connection, row: ChannelRow, recipient: str | None, means: Means) -> str | None:
    """Send a test message; returns once the other side took it, with a remark if there is one.

    Raises `DeliveryError`, which holds no secret.
    """
    notification = _sample(connection, row, recipient)
    renderer = Renderer(means.templates_dir, template_rows(connection))
    [channel] = open_channels(means.mail, means.secrets, renderer, [row.kind])
    try:
        return channel.send(notification)
    finally:
        channel.close()


def _sample(connection: Connection, row: ChannelRow, recipient: str | None) -> Notification:
    """A warning about no ticket, with a number that no notification has: nobody takes two tests for one."""
    found = connection.execute(_TENANT).fetchone()
    assert found is not None
    tenant_id: UUID
    tenant_id, config_version, locale, timezone = found
    now = datetime.now(UTC)
    return Notification(
        tenant_id=tenant_id,
        notification_id=-int(time.time() * 1000),
        ticket_id=uuid4(),
        event_id=None,
        user_id=None,
        channel=row.channel,
        kind=row.kind,
        template="warning",
        payload=_payload(now, timezone, recipient),
        attempt=1,
        created_at=now,
        recipient_name=None,
        recipient_email=recipient,
        locale=locale,
        url=row.url,
        sender=row.sender,
        signing_secret=row.signing_secret,
        config_version=config_version,
    )


def _payload(now: datetime, timezone: str, recipient: str | None) -> dict[str, Any]:
    """As the engine would write it for an hour of which three quarters are used up."""
    return {
        "ticket_number": "TEST",
        "title": TITLE,
        "metric": "response",
        "kind": "warning",
        "percent": 75,
        "target_minutes": 60,
        "started_at": (now - timedelta(minutes=45)).isoformat(),
        "crossed_at": now.isoformat(),
        "due_at": (now + timedelta(minutes=15)).isoformat(),
        "timezone": timezone,
        "recipients": [{"name": None, "email": recipient}] if recipient else [],
    }
