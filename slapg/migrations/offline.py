"""The whole schema as one SQL text, for a DBA who runs it by hand on an empty database."""

from collections.abc import Iterator

from psycopg import sql

from slapg import __version__
from slapg.migrations import revisions
from slapg.migrations.files import load_files
from slapg.migrations.jobs import CRON_ROLE, jobs_of
from slapg.migrations.naming import PREAMBLE, SETTINGS
from slapg.migrations.replace import record_statement
from slapg.resources import sql_dir


def render_sql() -> str:
    """The SQL that makes a database of this version from an empty one.

    Run it as a superuser with ``psql -v ON_ERROR_STOP=1 -f``.  Afterwards `slapg migrate` finds no revision
    and no file to apply; it registers the pg_cron jobs, which a DBA can also do as the last lines say.
    """
    return "\n".join(part.strip() + "\n" for part in _parts())


def _parts() -> Iterator[str]:
    yield f"-- slapg {__version__}: the whole schema, for an empty database, as a superuser:"
    yield "-- psql -v ON_ERROR_STOP=1 -f FILE"
    yield "begin;\n" + SETTINGS
    yield PREAMBLE
    yield revisions.offline_sql()
    for file in load_files(sql_dir()):
        yield f"-- sql/{file.path}"
        yield file.text
        yield record_statement(file)
    yield "-- sql/roles.sql"
    yield (sql_dir() / "roles.sql").read_text(encoding="utf-8")
    yield "commit;"
    yield from _job_comments()


def _job_comments() -> Iterator[str]:
    """Which database pg_cron lives in is not known here, so the jobs are for the reader to run."""
    yield "-- pg_cron jobs: in the database that `show cron.database_name` prints, for slapg in DATABASE:"
    yield f"-- create extension if not exists pg_cron; grant usage on schema cron to {CRON_ROLE};"
    for job in jobs_of("DATABASE", "CRON_DATABASE"):
        values = [job.name, job.schedule, job.command, job.database, CRON_ROLE]
        listed = sql.SQL(", ").join(sql.Literal(value) for value in values).as_string(None)
        yield f"-- select cron.schedule_in_database({listed});"
