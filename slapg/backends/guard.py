"""A call that comes round to itself goes to the database instead of round again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from slapg.backends.backend import ClockStatus, Database, SlaBackend

_under_way: ContextVar[frozenset[tuple[str, UUID]]] = ContextVar("slapg_calls_under_way", default=frozenset())


class GuardedBackend:
    """An engine of somebody else's, with `fallback` for calls that it makes on itself.

    An engine tells a workflow to pause, the workflow runs the application's service, the service asks the
    backend to pause the same ticket: without the guard that never ends.  Of two calls of one operation for
    one ticket, the inner one is answered by `fallback`, the database, whose functions are idempotent.
    """

    def __init__(self, engine: SlaBackend, fallback: SlaBackend) -> None:
        self.engine = engine
        self.fallback = fallback

    def start_tracking(self, database: Database, ticket_id: UUID) -> None:
        with self._chosen("start_tracking", ticket_id) as backend:
            backend.start_tracking(database, ticket_id)

    def pause(self, database: Database, ticket_id: UUID) -> None:
        with self._chosen("pause", ticket_id) as backend:
            backend.pause(database, ticket_id)

    def resume(self, database: Database, ticket_id: UUID) -> None:
        with self._chosen("resume", ticket_id) as backend:
            backend.resume(database, ticket_id)

    def complete(self, database: Database, ticket_id: UUID, metric: str, at: datetime | None = None) -> None:
        with self._chosen(f"complete {metric}", ticket_id) as backend:
            backend.complete(database, ticket_id, metric, at)

    def cancel(self, database: Database, ticket_id: UUID) -> None:
        with self._chosen("cancel", ticket_id) as backend:
            backend.cancel(database, ticket_id)

    def get_status(
        self, database: Database, ticket_id: UUID, at: datetime | None = None
    ) -> list[ClockStatus]:
        with self._chosen("get_status", ticket_id) as backend:
            return backend.get_status(database, ticket_id, at)

    @contextmanager
    def _chosen(self, operation: str, ticket_id: UUID) -> Iterator[SlaBackend]:
        call = (operation, ticket_id)
        under_way = _under_way.get()
        token = _under_way.set(under_way | {call})
        try:
            yield self.fallback if call in under_way else self.engine
        finally:
            _under_way.reset(token)
