"""Reading a ticket event log: one csv row for each state that an incident was in.

The format is that of the UCI "Incident management process enriched event log".  Columns needed:

`number`           the incident; all rows with one number are its history
`incident_state`   New, Active, Awaiting …, Resolved or Closed
`priority`         level and name, such as `3 - Moderate`
`opened_at`        when the incident began
`sys_updated_at`   from when on the row's state held

Columns used when they are there: `assignment_group`, `assigned_to`, `location`, `category`, `subcategory`.
Times are local, `29/2/2016 01:16` (day first) or `2016-02-29 01:16`; `?` means missing.
"""

import csv
import gzip
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from slapg.errors import SlapgError

NEEDED = ("number", "incident_state", "priority", "opened_at", "sys_updated_at")
OPEN_STATES = ("New", "Active")
AWAITING = "Awaiting "
CLOSED_STATES = ("Resolved", "Closed")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # slapg refuses tickets from before

_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")
_PRIORITY = re.compile(r"([1-5]) - (.+)")


@dataclass(frozen=True, slots=True)
class LogRow:
    """One readable row; what the log does not say is None."""

    line: int
    """Line of the file, counted from 1, the header included."""
    number: str
    state: str
    level: int
    """ITIL level of the priority, 1 the most urgent."""
    priority: str
    opened_at: datetime
    at: datetime
    group: str | None
    assignee: str | None
    location: str | None
    title: str


@dataclass
class Log:
    """What a file holds, and which rows of it could not be used."""

    rows: list[LogRow] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason, in the order of the file."""


class _UnreadableRowError(Exception):
    """Why a row cannot be used, in words."""


def read_log(path: Path, timezone: ZoneInfo) -> Log:
    """Read a log (`.csv`, `.csv.gz` or `.csv.xz`) whose times are local times of `timezone`.

    Rows that cannot be used are noted with their line and skipped.  Raises `SlapgError` when the file is
    missing or no such log at all.
    """
    log = Log()
    try:
        with _open(path) as file:
            reader = csv.reader(_decoded(file))
            columns = _columns(next(reader, []), path)
            for fields in filter(None, reader):
                try:
                    log.rows.append(_row(fields, columns, reader.line_num, timezone))
                except _UnreadableRowError as problem:
                    log.skipped.append((reader.line_num, str(problem)))
    except FileNotFoundError:
        raise SlapgError(f"there is no file {path}", exit_code=2) from None
    except (OSError, EOFError, lzma.LZMAError, csv.Error) as error:
        raise SlapgError(f"{path} cannot be read: {error}", exit_code=2) from error
    return log


def _open(path: Path) -> IO[bytes] | gzip.GzipFile:
    if path.suffix == ".xz":
        return lzma.open(path)
    if path.suffix == ".gz":
        return gzip.open(path)
    return path.open("rb")


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    """Each line by itself, because exports get glued together from programs with different encodings."""
    for line in lines:
        try:
            yield line.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield line.decode("cp1252", errors="replace")


def _columns(header: list[str], path: Path) -> dict[str, int]:
    columns = {name.strip(): place for place, name in enumerate(header)}
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise SlapgError(
            f"{path} is no ticket event log: it lacks the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}",
            hint=f"the first line must name at least: {', '.join(NEEDED)}",
            exit_code=2,
        )
    return columns


def _row(fields: list[str], columns: dict[str, int], line: int, timezone: ZoneInfo) -> LogRow:
    def value(name: str) -> str | None:
        place = columns.get(name)
        text = fields[place].strip() if place is not None and place < len(fields) else ""
        if "\0" in text:
            raise _UnreadableRowError(f"{name} holds a zero byte")
        return None if text in ("", "?") else text

    def needed(name: str) -> str:
        text = value(name)
        if text is None:
            raise _UnreadableRowError(f"{name} is missing")
        return text

    level, priority = _priority(needed("priority"))
    return LogRow(
        line=line,
        number=needed("number"),
        state=_state(needed("incident_state")),
        level=level,
        priority=priority,
        opened_at=_instant("opened_at", needed("opened_at"), timezone),
        at=_instant("sys_updated_at", needed("sys_updated_at"), timezone),
        group=value("assignment_group"),
        assignee=value("assigned_to"),
        location=value("location"),
        title=", ".join(filter(None, (value("category"), value("subcategory")))),
    )


def _state(text: str) -> str:
    if text in OPEN_STATES or text in CLOSED_STATES or text.startswith(AWAITING):
        return text
    raise _UnreadableRowError(f"incident_state {text!r} is unknown")


def _priority(text: str) -> tuple[int, str]:
    found = _PRIORITY.fullmatch(text)
    if found is None:
        raise _UnreadableRowError(f"priority {text!r} is not like '3 - Moderate'")
    return int(found[1]), found[2]


def _instant(name: str, text: str, timezone: ZoneInfo) -> datetime:
    try:
        instant = _parse(text, timezone)
    except (ValueError, OverflowError):
        raise _UnreadableRowError(f"{name} {text!r} is no time") from None
    if instant < EARLIEST:
        raise _UnreadableRowError(f"{name} {text!r} lies before 1990")
    return instant


@lru_cache(maxsize=100_000)
def _parse(text: str, timezone: ZoneInfo) -> datetime:
    found = _DAY_FIRST.fullmatch(text)
    if found:
        day, month, year, hour, minute = map(int, found.groups())
        local = datetime(year, month, day, hour, minute, tzinfo=timezone)
    else:
        local = datetime.fromisoformat(text)
        if local.tzinfo is None:
            local = local.replace(tzinfo=timezone)
    return local.astimezone(UTC)
