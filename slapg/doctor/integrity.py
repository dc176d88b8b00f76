"""Is everything that a migration made still there, switched on and usable?"""

from collections.abc import Iterator

from slapg.doctor.finding import Finding, fail, ok
from slapg.migrations import objects
from slapg.migrations.naming import Database

_SWITCHED_OFF = """
    select t.tgname, c.oid::regclass::text
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    where c.relnamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace)
        and t.tgenabled not in ('O', 'A') and t.tgparentid = 0
    order by 2, 1
"""
_INVALID_INDEXES = """
    select i.indexrelid::regclass::text
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indrelid
    where c.relnamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace)
        and not (i.indisvalid and i.indisready)
    order by 1
"""
_OPEN_TABLES = """
    select c.oid::regclass::text
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace) and c.relkind in ('r', 'p')
        and not c.relrowsecurity
    order by 1
"""


def check_objects(raw: Database) -> Iterator[Finding]:
    """Functions, procedures, views and triggers that were made, and that somebody may have dropped since."""
    missing = [
        (path, name)
        for path, file in objects.applied_files(raw).items()
        for name in file.objects
        if not objects.exists(raw, name)
    ]
    for path, name in missing:
        forget = f"delete from slapg_meta.applied_sql where path = '{path}'"
        yield fail("objects", f"{name} is gone", f'psql -c "{forget}", then slapg migrate')
    if not missing:
        yield ok("objects", "every function, view and trigger is there")


def check_triggers(raw: Database) -> Iterator[Finding]:
    """A trigger that is switched off, perhaps by a restore that never ended: tickets without clocks."""
    found = raw.execute(_SWITCHED_OFF.encode()).fetchall()
    for trigger, table in found:
        mend = f"alter table {table} enable trigger {trigger}; then slapg verify"
        yield fail("triggers", f"{trigger} on {table} is switched off", mend)
    if not found:
        yield ok("triggers", "all are switched on")


def check_indexes(raw: Database) -> Iterator[Finding]:
    """An index whose concurrent making failed is kept up and never read."""
    found = raw.execute(_INVALID_INDEXES.encode()).fetchall()
    for (index,) in found:
        yield fail("indexes", f"{index} is not valid", f"reindex index concurrently {index}")
    if not found:
        yield ok("indexes", "all are valid")


def check_row_security(raw: Database) -> Iterator[Finding]:
    """A table without row-level security shows each tenant the rows of all."""
    found = raw.execute(_OPEN_TABLES.encode()).fetchall()
    for (table,) in found:
        mend = f"alter table {table} enable row level security"
        yield fail("row security", f"off on {table}: tenants see each other's rows", mend)
    if not found:
        yield ok("row security", "on for every table of tenants")
