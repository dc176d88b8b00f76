"""The vocabulary of a ticket's history: statements, and the transactions that they are written in.

People, policies, statuses, tickets and comments go by name; instants are UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.oracle.desk import Calendar, Target


@dataclass(frozen=True)
class NewTicket:
    """One row of an INSERT into helpdesk.tickets."""

    ticket: str
    entered_at: datetime
    client: str | None = None
    board: str | None = None
    priority: str | None = None
    policy: str | None = None
    status: str | None = None
    response_state: str | None = None
    closed_at: datetime | None = None
    due_date: datetime | None = None


@dataclass(frozen=True)
class Insert:
    """One INSERT of one ticket or several."""

    rows: tuple[NewTicket, ...]


@dataclass(frozen=True)
class Update:
    """One UPDATE that sets the same values on one ticket or several.

    Fields: client, board, priority, policy, status, response_state, closed_at, due_date, entered_at.
    """

    tickets: tuple[str, ...]
    values: tuple[tuple[str, object], ...]

    @property
    def changes(self) -> Mapping[str, object]:
        return dict(self.values)


@dataclass(frozen=True)
class NewComment:
    """One row of an INSERT into helpdesk.comments; created_at None leaves the column to its default."""

    comment: str
    ticket: str
    author_type: str = "internal"
    is_internal: bool = False
    created_at: datetime | None = None


@dataclass(frozen=True)
class Comment:
    """One INSERT of one comment or several."""

    rows: tuple[NewComment, ...]


@dataclass(frozen=True)
class Publish:
    """A staff comment that was an internal note is made public."""

    comment: str
    ticket: str


@dataclass(frozen=True)
class Call:
    """One call of sla.pause, sla.resume, sla.cancel or sla.start_tracking for a ticket."""

    function: str
    ticket: str


@dataclass(frozen=True)
class Complete:
    """One call of sla.complete."""

    ticket: str
    metric: str
    at: datetime


@dataclass(frozen=True)
class SetPausing:
    """A status begins or ceases to pause (sla.status_pause_config)."""

    status: str
    pauses: bool


@dataclass(frozen=True)
class SetClosed:
    """A status begins or ceases to be a closed one (helpdesk.statuses.is_closed)."""

    status: str
    is_closed: bool


@dataclass(frozen=True)
class SetSetting:
    """One column of sla.settings changes."""

    name: str
    value: object


@dataclass(frozen=True)
class EditCalendar:
    """A schedule's hours and holidays are replaced; alone in its transaction."""

    schedule: str
    calendar: Calendar


@dataclass(frozen=True)
class EditTarget:
    """What a policy promises for a priority changes; open clocks keep their terms."""

    policy: str
    priority: str
    target: Target


@dataclass(frozen=True)
class EditThresholds:
    """The notification percents of a policy change; open clocks keep their terms."""

    policy: str
    percents: frozenset[int]


@dataclass(frozen=True)
class Recalculate:
    """One call of sla.recalculate."""

    policy: str


@dataclass(frozen=True)
class Sweep:
    """One CALL sla.sweep(), alone in its transaction."""


Statement = (
    Insert
    | Update
    | Comment
    | Publish
    | Call
    | Complete
    | SetPausing
    | SetClosed
    | SetSetting
    | EditCalendar
    | EditTarget
    | EditThresholds
    | Recalculate
    | Sweep
)


@dataclass(frozen=True)
class Transaction:
    """Statements that share one now. A later transaction may carry an earlier now: it began early."""

    now: datetime
    statements: tuple[Statement, ...] = field(default_factory=tuple)
