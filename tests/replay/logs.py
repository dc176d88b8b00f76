"""Logs for tests, written by hand."""

from pathlib import Path

HEADER = (
    "number,incident_state,priority,opened_at,sys_updated_at,assignment_group,assigned_to,location,category"
)


def row(
    number: str,
    state: str,
    at: str,
    *,
    opened_at: str = "7/3/2016 09:00",
    priority: str = "3 - Moderate",
    group: str = "Group 1",
    assignee: str = "?",
    location: str = "Location 1",
) -> str:
    """One line of a log; times are local, day first."""
    return f"{number},{state},{priority},{opened_at},{at},{group},{assignee},{location},Category 1"


def write(path: Path, *lines: str, header: str = HEADER) -> Path:
    """A log with these lines."""
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path
