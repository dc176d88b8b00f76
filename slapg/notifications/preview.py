"""What a notification says, or would say if it went out now."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from slapg.notifier.event import cloud_event, stream_event
from slapg.notifier.notification import Notification
from slapg.notifier.render import Renderer

Connection = psycopg.Connection[Any]

# What sla.claim_notifications hands out, for a look: nothing is claimed.
_NOTIFICATION = """
    select n.tenant_id, n.notification_id, n.ticket_id, n.event_id, n.user_id, n.channel,
        coalesce(c.kind, n.channel) as kind, n.template, n.payload, greatest(n.attempts, 1) as attempt,
        n.created_at, u.name as recipient_name, u.email as recipient_email,
        coalesce(p.locale, s.locale, 'en') as locale, c.url, c.sender, c.signing_secret,
        coalesce(s.config_version, 0) as config_version, n.digest_id
    from sla.notifications n
    left join sla.settings s on s.tenant_id = n.tenant_id
    left join sla.channels c on c.tenant_id = n.tenant_id and c.channel = n.channel
    left join helpdesk.users u on u.tenant_id = n.tenant_id and u.user_id = n.user_id
    left join sla.recipient_preferences p on p.tenant_id = n.tenant_id and p.user_id = n.user_id
    where n.tenant_id = helpdesk.current_tenant() and n.notification_id = %s
"""


_EVENTS = {"webhook": cloud_event, "redis": stream_event}


@dataclass(frozen=True)
class Preview:
    """A message as its recipient would read it."""

    subject: str
    text: str
    html: str
    problem: str | None
    """Which template of the tenant's own failed, so that the shipped one stands in for it."""
    event: dict[str, object] | None
    """What programs get in place of words, by kinds webhook and redis."""


def preview(connection: Connection, notification_id: int, templates_dir: Path | None = None) -> Preview:
    """The message of a notification that exists, by the templates and in the language of now."""
    with connection.cursor(row_factory=class_row(Notification)) as cursor:
        notification = cursor.execute(_NOTIFICATION, [notification_id]).fetchone()
    assert notification is not None
    renderer = Renderer(templates_dir, template_rows(connection))
    message = renderer.render(notification)
    event = _EVENTS.get(notification.kind)
    return Preview(
        message.subject, message.text, message.html, message.problem, event(notification) if event else None
    )


def template_rows(connection: Connection) -> Callable[[UUID], list[tuple[str, str, str]]]:
    """What `Renderer` asks for a tenant's own templates (template, locale, body); slapg_reader is enough."""

    def read(tenant_id: UUID) -> list[tuple[str, str, str]]:
        found = connection.execute(
            """
            select template, locale, body from sla.message_templates
            where tenant_id = helpdesk.current_tenant() and tenant_id = %s
            """,
            [tenant_id],
        )
        return found.fetchall()

    return read
