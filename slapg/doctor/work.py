"""The work: is what is due being settled, and what is settled being told?"""

from collections.abc import Iterator

from slapg.doctor.finding import Finding, fail, ok, warn
from slapg.migrations.naming import Database

LATE_MINUTES = 6
"""pg_cron sweeps every five minutes; later than this nobody did."""
UNDELIVERED_MINUTES = 15
OLD_SNAPSHOT_MINUTES = 60
_SLOWER = "vacuum cannot clean, sweeps get slower"


def check_sweep_lag(raw: Database) -> Iterator[Finding]:
    """The longest that a threshold, due and not set aside as an error, has waited for a sweep."""
    row = raw.execute(
        """
        select count(*), extract(epoch from pg_catalog.now() - min(c.next_fire_at)) / 60
        from sla.clocks as c
        where c.next_fire_at <= pg_catalog.now()
            and not exists (
                select from sla.sweep_errors as e
                where e.tenant_id = c.tenant_id and e.ticket_id = c.ticket_id
            )
        """
    ).fetchone()
    waiting, minutes = (row[0], float(row[1] or 0)) if row else (0, 0.0)
    if minutes > LATE_MINUTES:
        yield fail("sweep", f"{waiting} clocks are due, the first for {minutes:.0f} minutes", "slapg sweep")
    else:
        yield ok("sweep", f"{waiting} clocks wait for the next sweep")


def check_sweep_errors(raw: Database) -> Iterator[Finding]:
    """Tickets that could not be settled."""
    row = raw.execute(
        """
        select ticket_id, message, failures, count(*) over ()
        from sla.sweep_errors order by last_failed_at desc limit 1
        """
    ).fetchone()
    if row is None:
        yield ok("sweep errors", "none")
        return
    ticket, message, failures, count = row
    yield fail(
        "sweep errors",
        f"{count} tickets cannot be settled; {ticket} failed {failures} times: {message}",
        f"mend what the message names; slapg status {ticket}",
    )


def check_outbox(raw: Database) -> Iterator[Finding]:
    """Notifications that nobody sends, or that could not be sent."""
    row = raw.execute(
        """
        select count(*) filter (where state = 'dead'),
            count(*) filter (where state = 'pending'
                and next_attempt_at < pg_catalog.now() - pg_catalog.make_interval(mins => %s)),
            (pg_catalog.array_agg(last_error order by notification_id desc) filter (where state = 'dead'))[1]
        from sla.notifications where state in ('pending', 'dead')
        """,
        [UNDELIVERED_MINUTES],
    ).fetchone()
    dead, waiting, error = row or (0, 0, None)
    if waiting:
        message = f"{waiting} notifications wait for more than {UNDELIVERED_MINUTES} minutes"
        yield fail("notifications", message, "slapg listen")
    if dead:
        yield warn(
            "notifications",
            f"{dead} were given up; the last one: {error}",
            "select * from sla.notification_queue where state = 'dead'",
        )
    if not (waiting or dead):
        yield ok("notifications", "none is stuck")


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
