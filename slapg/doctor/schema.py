"""The schema: its revision, its files, its roles."""

from collections.abc import Iterator

import psycopg

from slapg import __version__
from slapg.doctor.finding import Finding, fail, ok, warn
from slapg.migrations import objects, replace, revisions
from slapg.migrations.files import load_files
from slapg.migrations.naming import Database
from slapg.resources import sql_dir

ROLES = (
    "slapg_owner",
    "slapg_app",
    "slapg_loader",
    "slapg_admin",
    "slapg_listener",
    "slapg_reader",
    "slapg_cron",
    "slapg_all_tenants",
)


def is_migrated(raw: Database) -> bool:
    """Whether the database stands at the newest revision, so that all tables can be asked."""
    try:
        return revisions.current_revision(raw) == revisions.known_revisions()[-1]
    except psycopg.errors.InsufficientPrivilege:
        return False  # check_migrations has said so


def check_migrations(raw: Database) -> Iterator[Finding]:
    """Revisions and files of sql/ against what this package carries."""
    current = revisions.current_revision(raw)
    if current is None:
        yield fail("migrations", f"slapg is not in database {raw.info.dbname}", "slapg migrate")
        return
    if current not in revisions.known_revisions():
        yield fail(
            "migrations",
            f"the database is at revision {current}, newer than slapg {__version__}",
            "pip install --upgrade slapg",
        )
        return
    pending, _ = revisions.steps_between(current, revisions.HEAD)
    if pending:
        yield fail("migrations", f"at revision {current}, pending: {', '.join(pending)}", "slapg migrate")
        return
    yield from _check_files(raw, current)


def check_roles(raw: Database) -> Iterator[Finding]:
    """The roles exist, none is a superuser, and the one that can log in has no password."""
    rows = raw.execute(
        "select rolname, rolcanlogin, rolsuper from pg_catalog.pg_roles where rolname = any(%s)",
        [list(ROLES)],
    ).fetchall()
    missing = sorted(set(ROLES) - {name for name, _, _ in rows})
    if missing:
        yield fail("roles", f"missing: {', '.join(missing)}", "slapg migrate")
        return
    superusers = [name for name, _, is_superuser in rows if is_superuser]
    if superusers:
        yield warn("roles", f"superusers: {', '.join(superusers)}", f"alter role {superusers[0]} nosuperuser")
    yield from _cron_password(raw)
    if not all(can_login for name, can_login, _ in rows if name == "slapg_cron"):
        yield fail("roles", "pg_cron cannot log in as slapg_cron", "alter role slapg_cron login")
    else:
        yield ok("roles", "all are there")


def _cron_password(raw: Database) -> Iterator[Finding]:
    """Only pg_cron logs in as its role.  What passwords there are only superusers may know."""
    if raw.info.parameter_status("is_superuser") != "on":
        return
    row = raw.execute(
        "select rolpassword is not null from pg_catalog.pg_authid where rolname = 'slapg_cron'"
    ).fetchone()
    if row and row[0]:
        yield warn(
            "roles", "slapg_cron has a password, so people may log in", "alter role slapg_cron password null"
        )


def check_public(raw: Database) -> Iterator[Finding]:
    """Nothing of slapg is for everybody who can log in."""
    rows = raw.execute(
        """
        select distinct n.nspname
        from pg_catalog.pg_namespace as n, pg_catalog.aclexplode(n.nspacl) as a
        where n.nspname in ('helpdesk', 'sla') and a.grantee = 0
        order by 1
        """
    ).fetchall()
    for (schema,) in rows:
        yield warn("rights", f"PUBLIC has rights on schema {schema}", "slapg migrate")
    if not rows:
        yield ok("rights", "PUBLIC has none")


def _check_files(raw: Database, current: str) -> Iterator[Finding]:
    files = load_files(sql_dir())
    applied = objects.applied_files(raw)
    different = [file.path for file in replace.changed(files, applied)]
    different += sorted(set(applied) - {file.path for file in files})
    if different:
        others = f" and {len(different) - 1} more" if different[1:] else ""
        yield fail("migrations", f"not as in sql/: {different[0]}{others}", "slapg migrate")
    else:
        yield ok("migrations", f"revision {current}, {len(files)} files in force")
