"""All schedules at a glance."""

from dataclasses import dataclass

from slapg.policies.fields import days_words, hours_words
from slapg.policies.model import Entry
from slapg.policies.model import Schedule as ScheduleInFile
from slapg.policies.reading import Connection, read


@dataclass(frozen=True)
class Line:
    """One schedule."""

    name: str
    timezone: str
    is_default: bool
    hours: list[str]
    holidays: int
    """Those of every schedule among them; one that comes back every year counts once."""
    policies: list[str]
    """Those that name it."""


def overview(connection: Connection) -> list[Line]:
    """Read them all, by name."""
    file = read(connection).file
    return [
        Line(
            name,
            schedule.timezone,
            schedule.is_default,
            _hours(schedule),
            len(schedule.holidays) + len(file.holidays),
            [policy for policy, what in file.policies.items() if what.schedule == name],
        )
        for name, schedule in file.schedules.items()
    ]


def _hours(schedule: ScheduleInFile) -> list[str]:
    if schedule.is_24x7:
        return ["24x7"]
    return [_entry(entry) for entry in schedule.entries if entry.is_enabled] or ["never open"]


def _entry(entry: Entry) -> str:
    words = f"{days_words(entry.days)} {hours_words(entry.hours)}"
    words += f" from {entry.valid_from}" if entry.valid_from else ""
    return words + (f" until {entry.valid_to}" if entry.valid_to else "")
