"""What an engine that drives SLA tracking offers to applications."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeAlias, runtime_checkable
from uuid import UUID

import psycopg
import sqlalchemy
from sqlalchemy.orm import Session, scoped_session

Database: TypeAlias = psycopg.Connection[Any] | sqlalchemy.Connection | Session | scoped_session[Session]
"""The caller's connection or session: a backend works in its transaction, and never commits or rolls back."""


@dataclass(frozen=True)
class ClockStatus:
    """How one clock of a ticket stands: a row of `sla.status`.  Instants are UTC, durations business time."""

    metric: str
    """`response` or `resolution`."""
    cycle: int
    """1, and one more for each reopening that restarted the clock."""
    state: str
    """`running`, `paused`, `completed` or `cancelled`."""
    policy: str
    target: timedelta
    started_at: datetime
    due_at: datetime
    completed_at: datetime | None
    elapsed: timedelta
    remaining: timedelta | None
    """Negative once overdue; None when the clock has ended."""
    percent: Decimal
    paused: bool
    reason: str | None
    """Why it is paused or cancelled."""
    met: bool | None
    """True: in time; False: breached; None: open and not overdue, or cancelled."""


@runtime_checkable
class SlaBackend(Protocol):
    """Starts, pauses, resumes, completes and cancels the tracking of a ticket by hand, and tells its status.

    Applications seldom need the writing half: tickets and comments written to their tables do the same by
    triggers.  Every call is idempotent.  Refusals are `SlaRefusedError`, such as for an unknown ticket.
    """

    def start_tracking(self, database: Database, ticket_id: UUID) -> None:
        """Start the clocks that the ticket lacks, or revive cancelled ones; nothing when all are there."""

    def pause(self, database: Database, ticket_id: UUID) -> None:
        """Pause its clocks by hand until `resume`; nothing when they are."""

    def resume(self, database: Database, ticket_id: UUID) -> None:
        """End the pause by hand; the clocks run on unless another reason holds."""

    def complete(self, database: Database, ticket_id: UUID, metric: str, at: datetime | None = None) -> None:
        """Complete one clock at an instant between its last transition and now (None); nothing when done."""

    def cancel(self, database: Database, ticket_id: UUID) -> None:
        """Stop tracking: open clocks end without a verdict, until `start_tracking`."""

    def get_status(
        self, database: Database, ticket_id: UUID, at: datetime | None = None
    ) -> list[ClockStatus]:
        """How its clocks stand now (None) or at a past instant, one entry a metric and cycle."""
        raise NotImplementedError
