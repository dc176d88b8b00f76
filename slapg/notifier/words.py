"""A payload in the words of a service desk: instants in the tenant's time, durations like 2h 30m."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from slapg.notifier.notification import Notification


def describe(notification: Notification) -> dict[str, Any]:
    """The variables of the templates; what the payload does not tell is None."""
    payload = notification.payload
    number, percent = _text(payload, "ticket_number"), _number(payload, "percent")
    zone = _zone(payload)
    return {
        "ticket": f"Ticket {number}" if number else "A ticket",
        "title": _text(payload, "title"),
        "metric": (_text(payload, "metric") or "SLA").replace("_", " "),
        "percent": _plain(percent),
        "percent_over": _plain(percent - 100) if percent is not None and percent > 100 else None,
        "level": _plain(_number(payload, "escalation_level")),
        "left": _left(payload, percent),
        "due": instant(_instant(payload, "due_at"), zone),
        "target": duration(_number(payload, "target_minutes")),
        "recipient": notification.recipient_name,
        "facts": _facts(payload, percent, zone),
    }


def duration(minutes: float | None) -> str | None:
    """`2h 30m`; hours are not made into days, because a business day has no fixed length."""
    if minutes is None:
        return None
    seconds = round(abs(minutes) * 60)
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"))
    said = " ".join(f"{amount}{unit}" for amount, unit in parts if amount)
    return said or f"{seconds}s"


def instant(at: datetime | None, zone: tzinfo) -> str | None:
    """`Tuesday 3 March 2026, 14:30 (Europe/Amsterdam)`."""
    if at is None:
        return None
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} ({zone})"


def _facts(payload: Mapping[str, Any], percent: float | None, zone: tzinfo) -> list[tuple[str, str]]:
    said = {
        "Title": _text(payload, "title"),
        "Priority": _text(payload, "priority"),
        "Client": _text(payload, "client"),
        "Board": _text(payload, "board"),
        "Assigned to": _text(payload, "assigned_to"),
        "Policy": _text(payload, "policy"),
        "Target": duration(_number(payload, "target_minutes")),
        "Started": instant(_instant(payload, "started_at"), zone),
        "Due": instant(_instant(payload, "due_at"), zone),
        f"Reached {_plain(percent)} %": instant(_instant(payload, "crossed_at"), zone),
        "Completed": instant(_instant(payload, "completed_at"), zone),
    }
    return [(label, value) for label, value in said.items() if value]


def _left(payload: Mapping[str, Any], percent: float | None) -> str | None:
    """What remained of the target at the crossing: exact, because a percent is crossed at one instant."""
    target = _number(payload, "target_minutes")
    if target is None or percent is None or percent >= 100:
        return None
    return duration(target * (100 - percent) / 100)


def _text(payload: Mapping[str, Any], key: str) -> str | None:
    value = payload.get(key)
    return " ".join(str(value).split()) or None if value is not None else None


def _number(payload: Mapping[str, Any], key: str) -> float | None:
    value = payload.get(key)
    return value if isinstance(value, int | float) else None


def _plain(number: float | None) -> str | None:
    return None if number is None else f"{number:g}"


def _instant(payload: Mapping[str, Any], key: str) -> datetime | None:
    """An instant as jsonb writes it; `infinity` and the like are as good as absent."""
    try:
        at = datetime.fromisoformat(str(payload.get(key)))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _zone(payload: Mapping[str, Any]) -> tzinfo:
    try:
        return ZoneInfo(_text(payload, "timezone") or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
