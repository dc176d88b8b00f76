"""The work: is what is due being settled, told and kept, and does anything slow it down?"""

from collections.abc import Iterator

from slapg.doctor.finding import Finding, Level, ok, warn
from slapg.migrations.naming import Database

OLD_SNAPSHOT_MINUTES = 60
_SLOWER = "vacuum cannot clean, sweeps get slower"


def check_health(raw: Database) -> Iterator[Finding]:
    """What the database itself says of its work in the view sla.health."""
    for name, state, detail, hint in raw.execute("select check_name, state, detail, hint from sla.health"):
        subject = str(name).replace("_", " ")
        yield Finding(Level(str(state).upper()), subject, detail, hint)


def check_partitions(raw: Database) -> Iterator[Finding]:
    """Rows in the audit log's default partition mean that its month was not made in time."""
    row = raw.execute("select exists (select from sla.audit_log_default)").fetchone()
    if row and row[0]:
        yield warn("audit log", "entries of months without a partition", "call sla.housekeeping()")
    else:
        yield ok("audit log", "every entry is in the partition of its month")


def check_old_snapshots(raw: Database) -> Iterator[Finding]:
    """Whoever holds an old snapshot keeps dead index entries, and the sweep reads past every one of them."""
    found = list(_old_transactions(raw)) + list(_old_slots(raw))
    yield from found or [ok("snapshots", f"none older than {OLD_SNAPSHOT_MINUTES} minutes")]


def _old_transactions(raw: Database) -> Iterator[Finding]:
    rows = raw.execute(
        """
        select pid, coalesce(usename, backend_type),
            extract(epoch from pg_catalog.now() - xact_start)::bigint / 60
        from pg_catalog.pg_stat_activity
        where backend_xmin is not null and datname = pg_catalog.current_database()
            and xact_start < pg_catalog.now() - pg_catalog.make_interval(mins => %s)
        order by xact_start
        """,
        [OLD_SNAPSHOT_MINUTES],
    )
    for pid, who, minutes in rows:
        message = (
            f"a transaction of {who} is open for {minutes} minutes: vacuum cannot clean, sweeps get slower"
        )
        yield warn("snapshots", message, f"select pg_terminate_backend({pid})")
    prepared = raw.execute(
        """
        select gid from pg_catalog.pg_prepared_xacts
        where database = pg_catalog.current_database()
            and prepared < pg_catalog.now() - pg_catalog.make_interval(mins => %s)
        """,
        [OLD_SNAPSHOT_MINUTES],
    )
    for (gid,) in prepared:
        yield warn(
            "snapshots", f"prepared transaction {gid} was never finished", f"rollback prepared '{gid}'"
        )


def _old_slots(raw: Database) -> Iterator[Finding]:
    rows = raw.execute(
        """
        select slot_name from pg_catalog.pg_replication_slots
        where not active and (xmin is not null or catalog_xmin is not null)
        """
    )
    for (slot,) in rows:
        message = f"replication slot {slot} is not read: {_SLOWER}"
        yield warn("snapshots", message, f"select pg_drop_replication_slot('{slot}')")
