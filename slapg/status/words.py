"""How instants, durations and states read."""

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

POLICY_SOURCES = {
    "ticket": "it was chosen for this ticket",
    "client": "the client has it",
    "board": "the board has it",
    "default": "it is the default",
    "earlier": "the ticket took it earlier; its terms stay until they are recalculated",
}

PAUSE_REASONS = {
    "status": "the ticket's status pauses it",
    "awaiting_client": "it waits for the client",
    "manual": "it was paused by hand",
    "closed": "the ticket was closed",
}

CANCEL_REASONS = {
    "manual": "by hand",
    "no_policy": "no policy applies any more",
    "no_target": "the policy promises nothing for this priority",
    "error": "its new terms cannot be counted",
}

NOT_TRACKED = {
    "no_policy": "no policy applies: the ticket, its client and its board have none, and there is no default",
    "no_target": "its policy promises nothing for this priority",
}

SLA_STATUSES = {
    "none": ("not tracked", "dim"),
    "paused": ("paused", "cyan"),
    "response_breached": ("response overdue", "bold red"),
    "resolution_breached": ("resolution overdue", "bold red"),
    "at_risk": ("at risk", "yellow"),
    "on_track": ("on track", "green"),
    "missed": ("missed", "red"),
    "met": ("met", "green"),
}


def reasons(codes: str | None, words: dict[str, str]) -> str:
    """The words for codes with commas between them; an unknown code speaks for itself."""
    return ", ".join(words.get(code, code) for code in (codes or "").split(", ") if code)


def day(at: datetime, zone: ZoneInfo) -> str:
    """`Mon 29 Feb 2016`."""
    return f"{at.astimezone(zone):%a %d %b %Y}"


def clock_time(at: datetime, zone: ZoneInfo) -> str:
    """`08:30`, and the seconds when there are any."""
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def instant(at: datetime, zone: ZoneInfo) -> str:
    """`Mon 29 Feb 2016 08:30`."""
    return f"{day(at, zone)} {clock_time(at, zone)}"


def duration(amount: timedelta) -> str:
    """`4h 30m`, `-12m`, `2h 00m 15s`: hours, minutes and, when there are any, seconds; never days."""
    seconds = round(abs(amount.total_seconds()))
    hours, minutes, left = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{hours}h"] if hours else []
    if minutes or hours or not left:
        parts.append(f"{minutes:02}m" if hours else f"{minutes}m")
    if left:
        parts.append(f"{left:02}s" if parts else f"{left}s")
    return ("-" if amount < timedelta() and seconds else "") + " ".join(parts)


def share(percent: Decimal | None) -> str:
    """`99.9 %`: never rounded up, for 100 % is a breach."""
    if percent is None:
        return ""
    return f"{percent.quantize(Decimal('0.1'), ROUND_DOWN):,.1f} %"
