"""Alembic's part: which revisions there are, where the database stands, and running the ones between."""

import io
import threading

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from slapg import __version__
from slapg.errors import SlapgError
from slapg.migrations.naming import Database
from slapg.resources import alembic_dir

BASE = "base"
HEAD = "head"

# Alembic keeps the running migration in module globals (`alembic.op`, `alembic.context`).
_alembic_globals = threading.Lock()


def known_revisions() -> list[str]:
    """Every revision of this package, oldest first; the history is one line, without branches."""
    script = ScriptDirectory.from_config(_config())
    return [revision.revision for revision in script.walk_revisions()][::-1]


def current_revision(raw: Database) -> str | None:
    """The revision that the database stands at, None when slapg was never migrated there."""
    found = raw.execute("select pg_catalog.to_regclass('slapg_meta.alembic_version') is not null").fetchone()
    if not found or not found[0]:
        return None
    row = raw.execute("select version_num from slapg_meta.alembic_version").fetchone()
    return str(row[0]) if row else None


def steps_between(before: str | None, target: str) -> tuple[list[str], bool]:
    """The revisions to run from `before` to `target`, in running order, and whether they go down.

    `target` is a revision, `head` or `base`.  Raises `SlapgError` for a revision that the package lacks.
    """
    known = known_revisions()
    start = _position(known, before)
    end = len(known) if target == HEAD else 0 if target == BASE else _target_position(known, target)
    if end >= start:
        return known[start:end], False
    return known[end:start][::-1], True


def run(connection: Connection, target: str, *, down: bool) -> None:
    """Run the revisions up or down to `target` on the caller's connection and in its transaction."""
    config = _config(connection=connection)
    with _alembic_globals:
        if down:
            command.downgrade(config, target)
        else:
            command.upgrade(config, target)


def offline_sql() -> str:
    """The SQL of all revisions, from an empty database to the head, without begin and commit."""
    buffer = io.StringIO()
    with _alembic_globals:
        command.upgrade(_config(output_buffer=buffer), HEAD, sql=True)
    return buffer.getvalue()


def _config(*, connection: Connection | None = None, output_buffer: io.StringIO | None = None) -> Config:
    config = Config(output_buffer=output_buffer, attributes={"connection": connection})
    config.set_main_option("script_location", str(alembic_dir()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _position(known: list[str], before: str | None) -> int:
    """How many of the known revisions the database has."""
    if before is None:
        return 0
    if before not in known:
        raise SlapgError(
            f"the database is at revision {before}, which slapg {__version__} does not know: "
            "a newer slapg migrated it",
            hint="install that version: pip install --upgrade slapg",
        )
    return known.index(before) + 1


def _target_position(known: list[str], target: str) -> int:
    if target not in known:
        raise SlapgError(
            f"there is no revision {target}",
            hint=f"choose one of: {', '.join([BASE, *known, HEAD])}",
            exit_code=2,
        )
    return known.index(target) + 1
