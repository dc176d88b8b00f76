"""One migration, from the lock to the report."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from slapg.config import connect
from slapg.errors import SlapgError
from slapg.migrations import grants, objects, replace, revisions
from slapg.migrations.files import SqlFile, load_files
from slapg.migrations.jobs import register_jobs, unregister_jobs
from slapg.migrations.naming import LOCK_KEY, PREAMBLE, SETTINGS, Database
from slapg.migrations.objects import Applied
from slapg.migrations.preflight import check_can_migrate
from slapg.migrations.report import MigrationReport
from slapg.pooling import refuse_transaction_pooling
from slapg.resources import sql_dir

LOCK_TIMEOUT = "1s"
"""How long a step may wait for a lock, and so hold up everybody who wants that table after it."""

LOCK_ATTEMPTS = 30
"""How often the whole change is tried, with a pause in which those who were held up get on."""


def migrate(dsn: str | None = None, *, target: str = revisions.HEAD) -> MigrationReport:
    """Bring the database to `target` (a revision, `head` or `base`) and say what was done.

    At the head the files of sql/ are applied as well.  Safe to call twice and from many places at once:
    an advisory lock lets one migration of a database work at a time; a later one finds nothing to do.
    Revisions, functions, views and roles are one transaction; triggers of a database in use follow, one
    short transaction a table.  Raises `SlapgError`; whatever was not finished is as it was before.
    """
    files = load_files(sql_dir())
    with connect(dsn) as raw, _locked(raw, dsn), _sqlalchemy(raw) as connection:
        check_can_migrate(raw)
        report = _change_patiently(connection, raw, files, target)
        if report.after == revisions.known_revisions()[-1]:
            _finish(raw, files, report)
            report.jobs, report.warnings = register_jobs(raw, dsn)
        else:
            report.warnings = unregister_jobs(raw, dsn)
    return report


def _change_patiently(
    connection: Connection, raw: Database, files: list[SqlFile], target: str
) -> MigrationReport:
    """Try the change until no lock is in its way: a waiting exclusive lock stops everybody behind it."""
    for _ in range(LOCK_ATTEMPTS - 1):
        try:
            return _change(connection, raw, files, target)
        except _LockedError:
            time.sleep(random.uniform(0.5, 1.5))  # noqa: S311 (spreads retries, guards nothing)
    return _change(connection, raw, files, target)


def _change(connection: Connection, raw: Database, files: list[SqlFile], target: str) -> MigrationReport:
    """Revisions, functions, views and roles, in one transaction."""
    before = revisions.current_revision(raw)
    steps, down = revisions.steps_between(before, target)
    report = MigrationReport(before=before, after=before, revisions=steps)
    raw.rollback()
    with _one_transaction(connection, raw):
        granted = grants.own_grants(raw, objects.views_of(objects.applied_files(raw)))
        _run_revisions(connection, raw, report, target, down)
        report.after = revisions.current_revision(raw)
        if report.after == revisions.known_revisions()[-1]:
            _apply_files(raw, files, report)
            grants.grant_again(raw, granted)
    return report


def _run_revisions(
    connection: Connection, raw: Database, report: MigrationReport, target: str, down: bool
) -> None:
    """Run them, with whatever of sql/ could stand in their way out of it first."""
    if not report.revisions:
        return
    raw.execute(PREAMBLE.encode())
    applied = objects.applied_files(raw)
    in_the_way = objects.objects_of(applied, "" if down else "views/")
    dropped = objects.drop(raw, in_the_way)
    if applied:
        objects.forget(raw, [path for path in applied if down or path.startswith("views/")])
    if down:
        report.dropped += dropped
    revisions.run(connection, target, down=down)


def _apply_files(raw: Database, files: list[SqlFile], report: MigrationReport) -> None:
    """Functions, views, on a new database triggers, then roles: all in the revisions' transaction."""
    applied = objects.applied_files(raw)
    report.applied += replace.apply_functions(raw, files, applied)
    report.applied += replace.apply_views(raw, files, applied)
    report.dropped += objects.drop(raw, _gone(applied, files, "view"))
    if report.before is None:
        # Nobody writes yet, and a table without its triggers must never be seen.
        report.applied += replace.apply_triggers(raw, files, applied)
    raw.execute(b"set local lock_timeout = 0")  # roles belong to the server: another database may be at it
    replace.apply_roles(raw, sql_dir() / "roles.sql")


def _finish(raw: Database, files: list[SqlFile], report: MigrationReport) -> None:
    """Triggers of a database in use, and then what no file makes any more."""
    applied = objects.applied_files(raw)
    raw.rollback()
    report.applied += replace.apply_triggers_beside_writers(raw, files, applied)
    report.unchanged = len(files) - len(report.applied)
    paths = {file.path for file in files}
    with raw.transaction():
        raw.execute(SETTINGS.encode())
        report.dropped += objects.drop(raw, _gone(applied, files))
        objects.forget(raw, [path for path in applied if path not in paths])


def _gone(applied: dict[str, Applied], files: list[SqlFile], kind: str = "") -> list[str]:
    """Objects made before (of one kind, or all) that no file makes now."""
    made = {name for file in files for name in file.objects}
    return [name for name in objects.objects_of(applied) if name not in made and name.startswith(kind)]


@contextmanager
def _one_transaction(connection: Connection, raw: Database) -> Iterator[None]:
    try:
        with connection.begin():
            raw.execute(SETTINGS.encode())
            raw.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'".encode())
            yield
    except DBAPIError as error:
        raise _refused(error.orig) from error
    except psycopg.Error as error:
        raise _refused(error) from error


class _LockedError(SlapgError):
    """Somebody held a lock that the change needs; it may be free the next time."""


def _refused(error: BaseException | None) -> SlapgError:
    if not isinstance(error, psycopg.Error):
        return SlapgError(f"the migration failed and changed nothing: {error}")
    message = f"{error.diag.message_primary or error} [{error.sqlstate}]"
    if error.sqlstate in ("55P03", "40P01"):
        return _LockedError(
            f"a lock was not free within {LOCK_TIMEOUT} at any of {LOCK_ATTEMPTS} attempts, "
            f"and the migration changed nothing: {message}",
            hint="end long transactions (see pg_stat_activity) or run slapg migrate at a quieter time",
        )
    if error.diag.message_detail:
        message += f"; {error.diag.message_detail}".replace("\n", "; ")
    return SlapgError(f"the migration failed and changed nothing: {message}", hint=error.diag.message_hint)


@contextmanager
def _locked(raw: Database, dsn: str | None) -> Iterator[None]:
    """Hold the migration lock of this database; it outlives the transactions that a migration needs."""
    refuse_transaction_pooling(raw, dsn, "where the lock that keeps migrations apart does not hold")
    raw.execute("select pg_catalog.pg_advisory_lock(%s)", [LOCK_KEY])
    raw.commit()
    yield
    # Released by the server when the connection closes, whatever happened.


@contextmanager
def _sqlalchemy(raw: Database) -> Iterator[Connection]:
    """The same connection as Alembic wants to see it."""
    engine = create_engine("postgresql+psycopg://", creator=lambda: raw, poolclass=StaticPool)
    with engine.connect() as connection:
        connection.rollback()
        yield connection
