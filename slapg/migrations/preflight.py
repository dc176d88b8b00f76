"""What must be true of a server and a login before anything is changed."""

from slapg.errors import SlapgError
from slapg.migrations.naming import Database

OLDEST_SERVER = 150000


def check_can_migrate(raw: Database) -> None:
    """Raise `SlapgError`, naming the command that mends it, unless this login can migrate this database."""
    _check_server(raw)
    _check_superuser(raw)
    _check_plpython(raw)


def _check_server(raw: Database) -> None:
    version = raw.info.server_version
    if version < OLDEST_SERVER:
        raise SlapgError(
            f"PostgreSQL {version // 10000} is too old: slapg needs {OLDEST_SERVER // 10000} or newer",
            hint="upgrade the server, or start a private one with: slapg db start",
        )
    row = raw.execute("select pg_catalog.pg_is_in_recovery()").fetchone()
    if row and row[0]:
        raise SlapgError(
            f"database {raw.info.dbname} is a standby and cannot be written",
            hint="give the DSN of the primary server",
        )


def _check_superuser(raw: Database) -> None:
    row = raw.execute(
        "select rolsuper from pg_catalog.pg_roles where rolname = current_user",
    ).fetchone()
    if not (row and row[0]):
        raise SlapgError(
            f"role {raw.info.user} is no superuser, and only a superuser may create PL/Python functions",
            hint="migrate as a superuser, or hand the DBA the output of: slapg migrate --sql",
        )


def _check_plpython(raw: Database) -> None:
    row = raw.execute(
        "select 1 from pg_catalog.pg_available_extensions where name = 'plpython3u'",
    ).fetchone()
    if row is None:
        major = raw.info.server_version // 10000
        raise SlapgError(
            "the server lacks the extension plpython3u",
            hint=f"on the server (Debian, Ubuntu): sudo apt-get install postgresql-plpython3-{major}",
        )
