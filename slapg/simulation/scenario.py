"""What a simulation changes, as people write it."""

import re
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from slapg.errors import SlapgError

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
METRICS = ("response", "resolution")

_TARGET = re.compile(r"(?:(?P<priority>.+):)?\s*(?P<metric>\w+)\s*=\s*(?P<value>\S+)")
_DURATION = re.compile(r"(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m?)?")
_OPENING = re.compile(r"(?P<day>[A-Za-z]{3})[a-z]*\s+(?P<start>\d\d?:\d\d)-(?P<end>\d\d?:\d\d)")

Target = dict[str, dict[str, int | None]]


@dataclass
class Scenario:
    """The arguments of `sla.simulate`, with names for ids; what is None stays as it was."""

    starts: str | None = None
    """Tickets entered from here on (a date or an instant, as PostgreSQL reads it); None: 30 days ago."""
    ends: str | None = None
    """Tickets entered before; None: now."""
    targets: list[Target] = field(default_factory=list)
    policy: str | None = None
    schedule: str | None = None
    openings: list[dict[str, Any]] = field(default_factory=list)
    pause_statuses: list[str] | None = None
    pause_on_awaiting_client: bool | None = None
    of_policy: str | None = None

    def parameters(self) -> dict[str, Any]:
        """For the queries of `slapg.simulation.compliance`."""
        targets: Target = {}
        for each in self.targets:
            for priority, promise in each.items():
                targets[priority] = targets.get(priority, {}) | promise
        return {
            "starts": self.starts,
            "ends": self.ends,
            "targets": Jsonb(targets) if targets else None,
            "policy": self.policy,
            "schedule": self.schedule,
            "openings": Jsonb(self.openings) if self.openings else None,
            "pause_statuses": self.pause_statuses,
            "pause_on_awaiting_client": self.pause_on_awaiting_client,
            "of_policy": self.of_policy,
        }


def target(text: str) -> Target:
    """`High:response=2h` as `sla.simulate` reads it: no priority means each, `none` no promise.

    Raises `SlapgError` (wrong use).
    """
    found = _TARGET.fullmatch(text.strip())
    if found is None or found["metric"] not in METRICS:
        raise _misread("target", text, "write it like High:response=2h, resolution=90m or Low:response=none")
    minutes = None if found["value"] == "none" else _minutes(found["value"])
    if minutes == 0:
        raise _misread("target", text, "a promise is one minute or more: 90m, 2h, 1h30m, or none")
    return {(found["priority"] or "*").strip(): {f"{found['metric']}_minutes": minutes}}


def _minutes(text: str) -> int:
    found = _DURATION.fullmatch(text)
    return int(found["hours"] or 0) * 60 + int(found["minutes"] or 0) if found else 0


def opening(text: str) -> dict[str, Any]:
    """`Sat 09:00-13:00` as `sla.simulate` reads it. Raises `SlapgError` (wrong use)."""
    found = _OPENING.fullmatch(text.strip())
    if found is None or found["day"].lower() not in DAYS:
        raise _misread(
            "opening", text, 'write it like "Sat 09:00-13:00"; an end before its start is the next day'
        )
    day = DAYS.index(found["day"].lower())
    return {"day_of_week": day, "start_time": found["start"], "end_time": found["end"]}


def _misread(kind: str, text: str, hint: str) -> SlapgError:
    return SlapgError(f"{kind} not understood: {text}", hint=hint, exit_code=2)
