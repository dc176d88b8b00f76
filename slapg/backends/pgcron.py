"""The engine inside PostgreSQL itself: triggers keep the clocks, pg_cron sweeps."""

from datetime import datetime
from uuid import UUID

from slapg.backends.backend import ClockStatus, Database
from slapg.backends.call import call


class PgCronBackend:
    """Calls the functions of schema `sla`, in the caller's transaction; keeps nothing of its own.

    The role that calls needs `slapg_admin` to write and `slapg_reader` to read.
    """

    def start_tracking(self, database: Database, ticket_id: UUID) -> None:
        call(database, "sla.start_tracking", p_ticket_id=ticket_id)

    def pause(self, database: Database, ticket_id: UUID) -> None:
        call(database, "sla.pause", p_ticket_id=ticket_id)

    def resume(self, database: Database, ticket_id: UUID) -> None:
        call(database, "sla.resume", p_ticket_id=ticket_id)

    def complete(self, database: Database, ticket_id: UUID, metric: str, at: datetime | None = None) -> None:
        call(database, "sla.complete", p_ticket_id=ticket_id, p_metric=metric, **_given(at))

    def cancel(self, database: Database, ticket_id: UUID) -> None:
        call(database, "sla.cancel", p_ticket_id=ticket_id)

    def get_status(
        self, database: Database, ticket_id: UUID, at: datetime | None = None
    ) -> list[ClockStatus]:
        return [
            ClockStatus(*row) for row in call(database, "sla.status", p_ticket_id=ticket_id, **_given(at))
        ]


def _given(at: datetime | None) -> dict[str, datetime]:
    """Left out, the function's own default holds: now, by the database's clock."""
    return {} if at is None else {"p_at": at}
