"""A notification as an event that other programs read."""

import uuid
from datetime import UTC, datetime

from slapg.notifier.notification import Notification

EVENT_TYPE = "TICKET_SLA_THRESHOLD_REACHED"

Json = dict[str, object]


def event_id(notification: Notification) -> uuid.UUID:
    """The same at every attempt and on every listener, so that whoever gets it twice can tell."""
    return uuid.uuid5(notification.tenant_id, f"notification {notification.notification_id}")


def occurred_at(notification: Notification) -> str:
    """When the clock crossed the percent, or else when the row was written; RFC 3339, UTC."""
    try:
        at = datetime.fromisoformat(str(notification.payload.get("crossed_at")))
    except ValueError:
        at = notification.created_at
    return rfc3339(at)


def rfc3339(at: datetime) -> str:
    """`2026-03-03T12:30:00Z`, with microseconds where there are any; without an offset it is UTC already."""
    utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat() + "Z"


def cloud_event(notification: Notification) -> Json:
    """CloudEvents 1.0, structured mode: `data` is all that the payload says, and what the row names."""
    return {
        "specversion": "1.0",
        "id": str(event_id(notification)),
        "source": f"/slapg/tenants/{notification.tenant_id}",
        "type": EVENT_TYPE,
        "subject": str(notification.ticket_id),
        "time": occurred_at(notification),
        "datacontenttype": "application/json",
        "data": notification.payload
        | {
            "tenant_id": str(notification.tenant_id),
            "ticket_id": str(notification.ticket_id),
            "notification_id": notification.notification_id,
            "event_id": notification.event_id,
            "channel": notification.channel,
            "template": notification.template,
        },
    }


def stream_event(notification: Notification) -> Json:
    """The event in the shape of Alga PSA's event stream."""
    payload = notification.payload
    return {
        "id": str(event_id(notification)),
        "eventType": EVENT_TYPE,
        "timestamp": rfc3339(notification.created_at),
        "payload": {
            "tenantId": str(notification.tenant_id),
            "occurredAt": occurred_at(notification),
            "ticketId": str(notification.ticket_id),
            "phase": payload.get("metric"),
            "thresholdPercent": payload.get("percent"),
        },
    }
