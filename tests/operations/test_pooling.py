"""Applications write tickets through PgBouncer in transaction mode; what needs a session refuses it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from slapg.cli.app import app
from slapg.config import connect
from slapg.doctor.server import check_pooling
from slapg.errors import SlapgError
from slapg.listener.service import check as check_listener
from slapg.listener.timer import Timer
from slapg.migrations import LOCK_KEY, migrate
from slapg.pooling import Pooling, pooling_of

Db = psycopg.Connection[Any]
Through = Callable[..., str]

DESK = """
    insert into helpdesk.tenants (name) values ('Other');
    insert into sla.policies (name, is_default) values ('Gold', true);
    insert into helpdesk.priorities (name) values ('Urgent');
    insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes)
    select policy_id, priority_id, 60, 240 from sla.policies, helpdesk.priorities
"""
ACT_FOR = "select set_config('slapg.tenant_id', %s, true)"
WRITES = (
    """
    insert into helpdesk.tickets (ticket_number, title, priority_id)
    values (%(number)s, %(name)s, (select priority_id from helpdesk.priorities where tenant_id =
        helpdesk.current_tenant()))
    """,
    """
    insert into helpdesk.comments (ticket_id, author_type)
    select ticket_id, 'internal' from helpdesk.tickets
    where ticket_number = %(number)s and tenant_id = helpdesk.current_tenant()
    """,
)


@pytest.fixture
def app_role(db: Db) -> Iterator[str]:
    """A login of an application."""
    name = f"{db.info.dbname}_app"
    db.execute(f"create role {name} login in role slapg_app")
    yield name
    db.execute(f"drop owned by {name}")
    db.execute(f"drop role {name}")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("session", Pooling.SESSION), ("transaction", Pooling.TRANSACTION), ("statement", Pooling.TRANSACTION)],
)
def test_poolers_are_told_apart(through: Through, mode: str, expected: Pooling) -> None:
    dsn = through(mode, pool_size=4)
    with connect(dsn, autocommit=True) as connection:
        assert pooling_of(connection, dsn) is expected


def test_a_direct_connection_is_no_pool(db: Db, db_url: str) -> None:
    assert pooling_of(db, db_url) is Pooling.NONE


def test_a_pool_of_one_session_is_no_transaction_mode(through: Through) -> None:
    dsn = through("session", pool_size=1)
    connection = connect(dsn, autocommit=True)
    process = connection.execute("select 1").fetchone()
    assert process == (1,)
    connection.close()
    with connect(dsn, autocommit=True) as ears:
        assert pooling_of(ears, dsn) is Pooling.SESSION


def test_the_listener_refuses(through: Through) -> None:
    dsn = through("transaction")
    run = CliRunner().invoke(app, ["listen", "--once", "--dsn", dsn])
    assert isinstance(run.exception, SlapgError)
    assert run.exception.exit_code == 2
    assert run.exception.message == (
        "the connection goes through a pooler in transaction mode (PgBouncer: pool_mode), "
        "where LISTEN hears nothing"
    )
    assert "port of PostgreSQL itself" in str(run.exception.hint)


def test_the_listener_takes_session_mode(through: Through) -> None:
    check_listener(through("session", pool_size=4), None, Timer())


def test_migrate_refuses_and_leaves_no_lock(through: Through, db: Db) -> None:
    with pytest.raises(SlapgError, match="where the lock that keeps migrations apart does not hold"):
        migrate(through("transaction"))
    assert db.execute("select pg_try_advisory_lock(%s)", [LOCK_KEY]).fetchone() == (True,)


def test_doctor_tells(through: Through, db: Db, db_url: str) -> None:
    assert [finding.level for finding in check_pooling(db, db_url)] == ["OK"]
    dsn = through("transaction")
    with connect(dsn, autocommit=True) as connection:
        (finding,) = check_pooling(connection, dsn)
    assert finding.level == "WARN"
    assert "slapg listen" in str(finding.mend)


def test_applications_write_tickets(through: Through, db: Db, app_role: str) -> None:
    """Eight clients share two server connections; each row is of the tenant of its own transaction."""
    db.execute(DESK)
    db.execute("insert into sla.role_tenants select tenant_id, %s from helpdesk.tenants", [app_role])
    tenants = db.execute("select tenant_id::text, name from helpdesk.tenants order by name").fetchall()
    dsn = through("transaction", app_role)

    def work(client: int) -> None:
        tenant_id, name = tenants[client % 2]
        with psycopg.connect(dsn, user=app_role, prepare_threshold=None) as connection:
            for number in range(10):
                for statement in WRITES:
                    with connection.transaction():
                        connection.execute(ACT_FOR, [tenant_id])
                        connection.execute(statement, {"number": f"{client}-{number}", "name": name})

    with ThreadPoolExecutor(8) as clients:
        list(clients.map(work, range(8)))
    counted = db.execute(
        """
        select t.title, n.name, count(distinct t.ticket_id), count(c.*), count(*) filter (where c.met)
        from helpdesk.tickets t join helpdesk.tenants n using (tenant_id)
        left join sla.clocks c using (tenant_id, ticket_id)
        group by 1, 2 order by 1
        """
    ).fetchall()
    assert counted == [("Other", "Other", 40, 0, 0), ("default", "default", 40, 80, 40)]
    servers = db.execute(
        "select count(*) from pg_stat_activity where usename = %s and datname = current_database()",
        [app_role],
    ).fetchone()
    assert servers is not None
    assert servers[0] <= 2
