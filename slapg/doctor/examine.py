"""The examination: every check in turn, none of which can stop the others."""

from collections.abc import Callable, Iterator

import psycopg

from slapg.config import connect, resolve_dsn
from slapg.doctor import cron, integrity, schema, server, timezones, work
from slapg.doctor.finding import Finding, warn
from slapg.errors import SlapgError
from slapg.migrations.naming import Database

Check = Callable[[Database], Iterator[Finding]]

EVERYWHERE: tuple[Check, ...] = (
    server.check_version,
    server.check_encoding,
    server.check_plpython,
    server.check_preload,
    server.check_simulated_time,
)
WITH_SLAPG: tuple[Check, ...] = (
    integrity.check_objects,
    integrity.check_triggers,
    integrity.check_indexes,
    integrity.check_row_security,
    schema.check_roles,
    schema.check_public,
    server.check_vacuum,
    timezones.check_time_zones,
    work.check_health,
    work.check_partitions,
    work.check_old_snapshots,
)


def examine(dsn: str | None = None) -> Iterator[Finding]:
    """Examine the database and its server, one finding after the other.

    Changes nothing.  A superuser sees everything; for others, what they may not see is a warning.
    Raises `SlapgError` when the DSN does not answer.
    """
    resolved = resolve_dsn(dsn)
    with connect(resolved, autocommit=True) as raw:
        yield from _guarded(lambda database: server.check_pooling(database, resolved), raw, "connection")
        for check in EVERYWHERE:
            yield from _guarded(check, raw)
        yield from _guarded(schema.check_migrations, raw)
        if schema.is_migrated(raw):
            for check in WITH_SLAPG:
                yield from _guarded(check, raw)
            yield from _guarded(lambda database: cron.check_cron(database, resolved), raw, "pg_cron")


def _guarded(check: Check, raw: Database, subject: str = "") -> Iterator[Finding]:
    subject = subject or getattr(check, "__name__", "").removeprefix("check_").replace("_", " ")
    try:
        yield from check(raw)
    except psycopg.Error as error:
        message = error.diag.message_primary or str(error)
        yield warn(subject, f"cannot be examined: {message}", "run slapg doctor as a superuser")
    except SlapgError as error:
        yield warn(subject, f"cannot be examined: {error.message}", error.hint)
