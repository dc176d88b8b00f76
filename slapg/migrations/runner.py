"""One migration, from the lock to the report."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from slapg.config import connect
from slapg.migrations import revisions
from slapg.migrations.naming import LOCK_KEY, VERSION_SCHEMA
from slapg.migrations.report import MigrationReport

PREAMBLE = f"""\
create extension if not exists plpython3u;
create schema if not exists {VERSION_SCHEMA};
comment on schema {VERSION_SCHEMA} is 'What slapg remembers about its own installation: revision and applied SQL.';
"""


def migrate(dsn: str | None = None, *, target: str = revisions.HEAD) -> MigrationReport:
    """Bring the database to `target` (a revision, `head` or `base`) and say what was done.

    At the head the files of sql/ are applied as well.  Safe to call twice and from many places at once:
    an advisory lock lets one migration of a database work at a time; a later one finds nothing to do.
    Raises `SlapgError`; the database is then as it was before.
    """
    with connect(dsn) as raw, _locked(raw), _sqlalchemy(raw) as connection:
        before = revisions.current_revision(raw)
        steps, down = revisions.steps_between(before, target)
        report = MigrationReport(before=before, after=before, revisions=steps)
        raw.rollback()
        with connection.begin():
            if steps:
                raw.execute(PREAMBLE.encode())
                revisions.run(connection, target, down=down)
            report.after = revisions.current_revision(raw)
    return report


@contextmanager
def _locked(raw: psycopg.Connection[tuple[Any, ...]]) -> Iterator[None]:
    """Hold the migration lock of this database; it outlives the transactions that a migration needs."""
    raw.execute("select pg_catalog.pg_advisory_lock(%s)", [LOCK_KEY])
    raw.commit()
    yield
    # Released by the server when the connection closes, whatever happened.


@contextmanager
def _sqlalchemy(raw: psycopg.Connection[tuple[Any, ...]]) -> Iterator[Connection]:
    """The same connection as Alembic wants to see it."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: raw, poolclass=StaticPool)
    with engine.connect() as connection:
        connection.rollback()
        yield connection
