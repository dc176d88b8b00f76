"""A payload in the words of a service desk: instants in the tenant's time, durations like 2h 30m."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from slapg.notifier.language import ENGLISH, Language, language
from slapg.notifier.notification import Notification

COLOURS = {"warning": "#b87700", "breach": "#c22f2f", "escalation": "#8a3ab9"}
COLOUR = "#2e8b57"
_PRESSING = ("breach", "escalation", "warning")
"""The order in which a digest tells them; good news last."""

Variables = dict[str, Any]


def describe(notification: Notification, words: Language, now: datetime) -> Variables:
    """The variables of a single message; what the payload does not tell is None."""
    payload = notification.payload
    percent, zone = _number(payload, "percent"), _zone(payload)
    due_at = _instant(payload, "due_at")
    target = _number(payload, "target_minutes")
    over = percent is not None and percent > 100
    variables: Variables = {
        "ticket": _ticket(_text(payload, "ticket_number"), words),
        "title": _text(payload, "title"),
        "metric": metric(_text(payload, "metric"), words),
        "metric_time": metric_time(_text(payload, "metric"), words),
        "percent": _said(percent, words),
        "percent_over": words.number(percent - 100) if percent is not None and over else None,
        "level": _said(_number(payload, "escalation_level"), words),
        "left": _left(target, percent, words),
        "target": None if target is None else words.duration(target),
        "started": _at(_instant(payload, "started_at"), zone, words),
        "due": _at(due_at, zone, words),
        "crossed": _at(_instant(payload, "crossed_at"), zone, words),
        "completed": _at(_instant(payload, "completed_at"), zone, words),
        "remaining": _remaining(payload, due_at, now, words),
        "zone": str(zone),
        "recipient": notification.recipient_name,
        "recipients": _recipients(payload),
        **{key: _text(payload, key) for key in ("priority", "client", "board", "assigned_to", "policy")},
        "tickets": [],
    }
    variables["facts"] = _facts(variables, words)
    return _framed(variables, notification.template, words)


def describe_digest(notification: Notification, words: Language, now: datetime) -> Variables:
    """The variables of a digest over the members of a notification, the most pressing first."""
    members = sorted(notification.members, key=_urgency)
    zone = _zone(notification.members[-1].payload)
    number_of = Counter(member.template for member in members)
    met = sum(number for template, number in number_of.items() if template not in _PRESSING)
    variables: Variables = {
        "messages": len(members),
        "breaches": number_of["breach"],
        "escalations": number_of["escalation"],
        "warnings": number_of["warning"],
        "met": met,
        "counts": _counts(number_of["breach"], number_of["escalation"], number_of["warning"], met, words),
        "tickets": [_row(member, zone, words, now) for member in members],
        "zone": str(zone),
        "recipient": notification.recipient_name,
        "title": None,
        "facts": [],
    }
    return _framed(variables, members[0].template, words)


def duration(minutes: float | None, words: Language | None = None) -> str | None:
    """Business time, as `2h 30m`."""
    return None if minutes is None else (words or language(ENGLISH)).duration(minutes)


@lru_cache(maxsize=256)
def metric(name: str | None, words: Language) -> str:
    """What is promised: `resolution`."""
    known = {
        "response": words.gettext("response"),
        "resolution": words.gettext("resolution"),
        "next_response": words.gettext("next response"),
        "periodic_update": words.gettext("periodic update"),
    }
    return known.get(name or "") or (name or "SLA").replace("_", " ")


@lru_cache(maxsize=256)
def metric_time(name: str | None, words: Language) -> str:
    """The time that is promised for it, as in `75 % of its resolution time`."""
    known = {
        "response": words.gettext("response time"),
        "resolution": words.gettext("resolution time"),
        "next_response": words.gettext("next response time"),
        "periodic_update": words.gettext("periodic update time"),
    }
    other = words.gettext("%(metric)s time")
    return known.get(name or "") or other % {"metric": (name or "SLA").replace("_", " ")}


def _framed(variables: Variables, template: str, words: Language) -> Variables:
    """With what the layouts need."""
    variables["colour"] = COLOURS.get(template, COLOUR)
    variables["label_width"] = max((len(label) for label, _ in variables["facts"]), default=0)
    variables["lang"], variables["dir"] = words.tag, words.direction
    return variables


def _facts(said: Variables, words: Language) -> list[tuple[str, str]]:
    reached = words.gettext("Reached %(percent)s %%") % said
    facts = (
        (words.gettext("Title"), said["title"]),
        (words.gettext("Priority"), said["priority"]),
        (words.gettext("Client"), said["client"]),
        (words.gettext("Board"), said["board"]),
        (words.gettext("Assigned to"), said["assigned_to"]),
        (words.gettext("For"), said["recipients"]),
        (words.gettext("Policy"), said["policy"]),
        (words.gettext("Target"), said["target"]),
        (words.gettext("Started"), said["started"]),
        (words.gettext("Due"), said["due"]),
        (words.gettext("Remaining"), said["remaining"]),
        (reached, said["crossed"] if said["percent"] else None),
        (words.gettext("Completed"), said["completed"]),
    )
    return [(label, value) for label, value in facts if value]


def _row(member: Notification, zone: tzinfo, words: Language, now: datetime) -> Variables:
    """One line of a digest."""
    payload = member.payload
    due_at = _instant(payload, "due_at")
    level = _said(_number(payload, "escalation_level"), words) if member.template == "escalation" else None
    row = {
        "ticket": _text(payload, "ticket_number"),
        "title": _text(payload, "title"),
        "metric": metric(_text(payload, "metric"), words),
        "percent": _said(_number(payload, "percent"), words),
        "verdict": None if member.template in _PRESSING else words.gettext("in time"),
        "level": words.gettext("level %(level)s") % {"level": level} if level else None,
        "due": words.short_instant(due_at, zone) if due_at else None,
        "remaining": _remaining(payload, due_at, now, words),
        "colour": COLOURS.get(member.template, COLOUR),
    }
    share = words.gettext("%(percent)s %%") % row if row["percent"] else row["verdict"]
    due = words.gettext("due %(due)s") % row if row["due"] else None
    details = (row["metric"], share, row["level"], due, row["remaining"])
    return row | {"share": share, "details": [detail for detail in details if detail]}


def _counts(breaches: int, escalations: int, warnings: int, met: int, words: Language) -> str:
    """`3 breaches, 1 escalation, 9 warnings`."""
    said = (
        (breaches, words.ngettext("%(num)s breach", "%(num)s breaches", breaches)),
        (escalations, words.ngettext("%(num)s escalation", "%(num)s escalations", escalations)),
        (warnings, words.ngettext("%(num)s warning", "%(num)s warnings", warnings)),
        (met, words.ngettext("%(num)s target met", "%(num)s targets met", met)),
    )
    return ", ".join(text % {"num": number} for number, text in said if number)


def _urgency(member: Notification) -> tuple[int, float]:
    template = member.template
    place = _PRESSING.index(template) if template in _PRESSING else len(_PRESSING)
    return place, -(_number(member.payload, "percent") or 0)


def _ticket(number: str | None, words: Language) -> str:
    return words.gettext("Ticket %(number)s") % {"number": number} if number else words.gettext("A ticket")


def _left(target: float | None, percent: float | None, words: Language) -> str | None:
    """What remained of the target at the crossing: exact, because a percent is crossed at one instant."""
    if target is None or percent is None or percent >= 100:
        return None
    return words.duration(target * (100 - percent) / 100)


def _remaining(
    payload: Mapping[str, Any], due_at: datetime | None, now: datetime, words: Language
) -> str | None:
    """From now to the due time, on the wall; nothing remains of what is done."""
    if due_at is None or payload.get("completed_at") is not None:
        return None
    return words.remaining(due_at - now)


def _recipients(payload: Mapping[str, Any]) -> str | None:
    """Whom an impersonal channel tells about it, by name."""
    told = payload.get("recipients")
    if not isinstance(told, Iterable) or isinstance(told, str | Mapping):
        return None
    names = (_text(person, "name") for person in told if isinstance(person, Mapping))
    return ", ".join(name for name in names if name) or None


def _at(at: datetime | None, zone: tzinfo, words: Language) -> str | None:
    return None if at is None else words.instant(at, zone)


def _text(payload: Mapping[str, Any], key: str) -> str | None:
    value = payload.get(key)
    return " ".join(str(value).split()) or None if value is not None else None


def _number(payload: Mapping[str, Any], key: str) -> float | None:
    value = payload.get(key)
    return value if isinstance(value, int | float) and isfinite(value) else None


def _said(number: float | None, words: Language) -> str | None:
    return None if number is None else words.number(number)


def _instant(payload: Mapping[str, Any], key: str) -> datetime | None:
    """An instant as jsonb writes it; `infinity` and the like are as good as absent."""
    value = payload.get(key)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    # The ends of the calendar have no local time everywhere.
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) if 1 < at.year < 9999 else None


def _zone(payload: Mapping[str, Any]) -> tzinfo:
    return _zone_named(_text(payload, "timezone") or "UTC")


@lru_cache(maxsize=1024)
def _zone_named(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
