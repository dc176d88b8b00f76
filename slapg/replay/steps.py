"""From the rows of a log to what the service desk did, step by step.

A log holds states, not deeds, so three things are read into it:

* an incident enters the desk when its first row was written, with `opened_at` as its beginning;
* the first row in which somebody works on it (Active) or asks for something (Awaiting …) is the first public
  reply, for such logs hold no comments;
* a row that says nothing (`?`) about group or person leaves them as they were.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import groupby

from slapg.replay.log import CLOSED_STATES, OPEN_STATES, Log, LogRow

LATEST_OPENING = timedelta(days=1)
"""How long after its first row an incident may begin: slapg refuses tickets further ahead."""


class Deed(Enum):
    """What a step does; of one row the reply comes before the change, which may pause or close."""

    OPEN = 0
    REPLY = 1
    CHANGE = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One write to the desk, at the instant of its row."""

    deed: Deed
    row: LogRow
    closes: bool = False
    reopens: bool = False
    fields: tuple[str, ...] = ()
    """Of a change: the names among `state`, `priority`, `group`, `assignee` that differ from before."""

    @property
    def at(self) -> datetime:
        return self.row.at


@dataclass(frozen=True)
class Incident:
    """One incident's rows, in the order of time."""

    number: str
    rows: tuple[LogRow, ...]

    @property
    def opened_at(self) -> datetime:
        return self.rows[0].opened_at


def incidents(log: Log) -> list[Incident]:
    """The incidents of a log by the time they were opened; one that cannot be entered is noted as skipped."""
    by_number = sorted(log.rows, key=lambda row: (row.number, row.at, row.line))
    found = []
    for number, rows in groupby(by_number, key=lambda row: row.number):
        incident = Incident(number, tuple(rows))
        if incident.opened_at > incident.rows[0].at + LATEST_OPENING:
            log.skipped.append((incident.rows[0].line, f"{number} was opened over a day after this row"))
        else:
            found.append(incident)
    return sorted(found, key=lambda incident: (incident.opened_at, incident.number))


def steps(chosen: Iterable[Incident]) -> list[Step]:
    """Every step of the incidents, in the order of time over all of them."""
    every = [step for incident in chosen for step in _steps_of(incident)]
    return sorted(every, key=lambda step: (step.at, step.row.line, step.deed.value))


def _steps_of(incident: Incident) -> Iterator[Step]:
    first, *later = incident.rows
    yield Step(Deed.OPEN, first, closes=_is_closed(first.state))
    answered = _answers(first)
    if answered:
        yield Step(Deed.REPLY, first)
    known = {name: getattr(first, name) for name in ("state", "priority", "group", "assignee")}
    for row in later:
        if _answers(row) and not answered:
            answered = True
            yield Step(Deed.REPLY, row)
        changed = tuple(name for name, before in known.items() if getattr(row, name) not in (None, before))
        if changed:
            before_closed, after_closed = _is_closed(known["state"]), _is_closed(row.state)
            yield Step(
                Deed.CHANGE,
                row,
                closes=after_closed and not before_closed,
                reopens=before_closed and not after_closed,
                fields=changed,
            )
            known |= {name: getattr(row, name) for name in changed}


def _answers(row: LogRow) -> bool:
    return not _is_closed(row.state) and row.state != OPEN_STATES[0]


def _is_closed(state: str) -> bool:
    return state in CLOSED_STATES
