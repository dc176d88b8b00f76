"""The audit log by months: made ahead without getting in anybody's way, dropped as wholes by their owner."""

from datetime import date
from typing import Any

import psycopg
import pytest

from tests.conftest import Connect

Db = psycopg.Connection[Any]

MONTHS = r"select relname from pg_class where relname ~ '^audit_log_\d{4}_\d{2}$' and relkind = 'r'"


def months(db: Db) -> list[str]:
    return [name for (name,) in db.execute(MONTHS + " order by 1").fetchall()]


def old_month(db: Db, start: str, end: str) -> None:
    """A partition of long ago, with an entry in it."""
    name = f"sla.audit_log_{start[:7].replace('-', '_')}"
    statement = f"create table {name} partition of sla.audit_log for values from ('{start}Z') to ('{end}Z')"
    db.execute(statement.encode())
    db.execute(
        "insert into sla.audit_log (ticket_id, event_type, effective_at, actor, created_at)"
        " values (gen_random_uuid(), 'ticket_changed', %(at)s, 'test', %(at)s)",
        {"at": f"{start[:7]}-15 12:00Z"},
    )


def test_months_that_ended_by_a_date_are_dropped(db: Db) -> None:
    old_month(db, "2024-01-01", "2024-02-01")
    old_month(db, "2024-02-01", "2024-03-01")
    assert db.execute("select sla.drop_audit_months('2024-02-15')").fetchone() == (1,)
    assert months(db)[0] == "audit_log_2024_02"
    assert db.execute("select count(*) from sla.audit_log where created_at < '2024-03-01'").fetchone() == (1,)
    assert db.execute("select sla.drop_audit_months('2024-02-15')").fetchone() == (0,)


@pytest.mark.parametrize("before", [None, date(2999, 1, 1)])
def test_a_month_in_progress_is_not_dropped(db: Db, before: date | None) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        db.execute("select sla.drop_audit_months(%s)", [before])
    assert refusal.value.sqlstate == "SL041"


def test_making_months_gives_way_to_a_long_transaction(db: Db, connect: Connect) -> None:
    """Whoever writes tickets for long is not interrupted, and the next run makes what is missing."""
    db.execute("insert into helpdesk.tickets (title) values ('Now')")  # into the default partition
    notices: list[str] = []
    db.add_notice_handler(lambda notice: notices.append(str(notice.message_primary)))
    other = connect()
    with other.transaction():
        other.execute("insert into helpdesk.tickets (title) values ('Long')")
        db.execute("call sla.housekeeping()")
        other.execute("insert into helpdesk.tickets (title) values ('Longer')")
    assert notices == ["the audit log is in use: its partitions are made another day"]
    assert months(db) == []
    db.execute("call sla.housekeeping()")
    assert len(months(db)) >= 3


def test_writers_of_a_month_do_not_wait_for_the_next(db: Db, connect: Connect) -> None:
    """A transaction that writes into a month of its own does not hold up the making of others."""
    db.execute("call sla.housekeeping()")
    made = months(db)
    db.execute(f"drop table sla.{made[-1]}".encode())
    other = connect()
    with other.transaction():
        other.execute("insert into helpdesk.tickets (title) values ('Long')")
        db.execute("call sla.housekeeping()")
        other.execute("insert into helpdesk.tickets (title) values ('Longer')")
    assert months(db) == made
