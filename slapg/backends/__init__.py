"""Driving SLA tracking from Python: one interface, whatever engine does the work.

backend = create_backend()
backend.pause(session, ticket_id)
for clock in backend.get_status(session, ticket_id): ...
"""

from slapg.backends.backend import ClockStatus, Database, SlaBackend
from slapg.backends.create import BackendFallbackWarning, create_backend, forget_backends
from slapg.backends.errors import SlaRefusedError
from slapg.backends.pgcron import PgCronBackend

__all__ = [
    "BackendFallbackWarning",
    "ClockStatus",
    "Database",
    "PgCronBackend",
    "SlaBackend",
    "SlaRefusedError",
    "create_backend",
    "forget_backends",
]
