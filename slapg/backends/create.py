"""Choosing the engine: the one that ships with slapg, or one that another package brings."""

import os
import warnings
from contextvars import ContextVar
from functools import cache
from importlib.metadata import entry_points
from threading import RLock

from slapg.backends.backend import SlaBackend
from slapg.backends.guard import GuardedBackend
from slapg.backends.pgcron import PgCronBackend

BACKEND_VARIABLE = "SLAPG_BACKEND"
ENTRY_POINTS = "slapg.backends"
DEFAULT = "pgcron"

_in_creation: ContextVar[frozenset[str]] = ContextVar("slapg_backends_in_creation", default=frozenset())
_one_at_a_time = RLock()
"""Two threads that ask at once get one engine."""


class BackendFallbackWarning(UserWarning):
    """The engine that was asked for cannot be had: `PgCronBackend` is used instead, and why."""


def create_backend(name: str | None = None) -> SlaBackend:
    """The engine called `name`, else `SLAPG_BACKEND`, else `pgcron`; made once a process.

    Other engines are entry points of group `slapg.backends`: callables without arguments that return an
    `SlaBackend`.  In place of one that is unknown or cannot be made there is `PgCronBackend`, with a
    `BackendFallbackWarning`: tracking goes on in the database whatever an engine does.  An engine that
    asks for itself while it is made gets `PgCronBackend`, too, and may build on it.
    """
    wanted = name or os.environ.get(BACKEND_VARIABLE) or DEFAULT
    if wanted == DEFAULT or wanted in _in_creation.get():
        return _pgcron()
    with _one_at_a_time:
        return _made(wanted)


def forget_backends() -> None:
    """Make them anew when next asked for: after the reason for a fallback is mended, and in tests."""
    _made.cache_clear()


@cache
def _pgcron() -> PgCronBackend:
    return PgCronBackend()


@cache
def _made(name: str) -> SlaBackend:
    token = _in_creation.set(_in_creation.get() | {name})
    try:
        return GuardedBackend(_load(name), _pgcron())
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        message = f"SLA backend {name} cannot be used ({why}); the database's own goes on instead"
        warnings.warn(message, BackendFallbackWarning, stacklevel=3)
        return _pgcron()
    finally:
        _in_creation.reset(token)


def _load(name: str) -> SlaBackend:
    found = entry_points(group=ENTRY_POINTS)
    if name not in found.names:
        known = ", ".join(sorted({DEFAULT, *found.names}))
        raise LookupError(f"no package brings it, known are: {known}")
    engine = found[name].load()()
    if not isinstance(engine, SlaBackend):
        raise TypeError(f"{type(engine).__name__} lacks methods of slapg.backends.SlaBackend")
    return engine
