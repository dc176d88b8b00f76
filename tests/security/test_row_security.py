"""Another tenant's rows are invisible and unwritable: through tables, views, functions and foreign keys."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.security.conftest import Logins
from tests.security.organisations import FIRST, SECOND, Organisation

Db = psycopg.Connection[Any]
POLICY = "(tenant_id = ( SELECT helpdesk.current_tenant() AS current_tenant))"
# Empty between transactions; rows of a tenant's own making are only seen while it edits.
EMPTY = {"sla.calendar_edits"}
# Whoever acts for all tenants sees who they are, and who may act for them.
INSTALLATION = {"helpdesk.tenants", "sla.role_tenants"}

OURS = "n.nspname in ('sla', 'helpdesk')"
TABLES = f"""
    select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where {OURS} and c.relkind in ('r', 'p')
"""
HAVING_TENANT = """
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
"""


def column(db: Db, query: str) -> list[Any]:
    return [row[0] for row in db.execute(query.encode())]


def refused(db: Db, query: str, *parameters: Any) -> str | None:
    with pytest.raises(psycopg.Error) as caught:
        db.execute(query.encode(), parameters)
    return caught.value.sqlstate


def test_every_table_is_guarded_by_tenant(db: Db) -> None:
    db.execute("call sla.housekeeping()")  # partitions of months to come
    open_tables = column(
        db,
        f"""
        select c.oid::regclass::text
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        left join pg_policy p on p.polrelid = c.oid
        where {OURS} and c.relkind in ('r', 'p') and c.oid <> 'sla.sweep_runs'::regclass
        group by c.oid, c.relrowsecurity
        having not c.relrowsecurity or not coalesce(bool_or(
            p.polname = 'slapg_tenant' and p.polcmd = '*' and p.polroles = '{{0}}'
            and pg_get_expr(p.polqual, p.polrelid) = $${POLICY}$$ and p.polwithcheck is null), false)
        """,
    )
    assert open_tables == []
    assert len(column(db, f"{TABLES} and c.relispartition")) > 3
    others = column(db, "select polrelid::regclass::text from pg_policy where polname <> 'slapg_tenant'")
    assert sorted(others) == ["helpdesk.tenants", "sla.role_tenants", "sla.sweep_runs"]


def test_every_view_reads_as_its_caller(db: Db) -> None:
    definers = column(
        db,
        f"""
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where {OURS} and c.relkind in ('v', 'm')
            and (c.relkind = 'm' or not coalesce('security_invoker=true' = any (c.reloptions), false))
        """,
    )
    assert definers == []


def test_other_tenants_are_invisible(
    db: Db, login_as: Logins, ours: Organisation, theirs: Organisation
) -> None:
    """In every table and view; the superuser sees that there is something to see."""
    relations = column(db, TABLES.replace("('r', 'p')", "('r', 'p', 'v')") + HAVING_TENANT)
    assert len(relations) > 35
    reader, second = login_as("slapg_reader"), login_as("slapg_reader", tenants=(SECOND,))
    second.execute("select set_config('slapg.tenant_id', %s, false)", [str(SECOND)])
    chosen = login_as("slapg_admin")
    chosen.execute("select set_config('slapg.tenant_id', %s, false)", [str(SECOND)])
    for login, own, other in ((reader, FIRST, SECOND), (second, SECOND, FIRST), (chosen, SECOND, FIRST)):
        for name in set(relations) - (INSTALLATION if login is chosen else set()):
            assert count(login, name, other) == 0, name
            assert count(login, name, own) == count(db, name, own), name
    assert {name for name in relations if not count(db, name, SECOND)} <= EMPTY | partitions(db)


def count(db: Db, relation: str, tenant: Any) -> int:
    query = sql.SQL("select count(*) from {} where tenant_id = %s").format(
        sql.Identifier(*relation.split("."))
    )
    row = db.execute(query, [tenant]).fetchone()
    assert row is not None
    return int(row[0])


def partitions(db: Db) -> set[str]:
    return set(column(db, f"{TABLES} and c.relispartition"))


def test_an_application_sees_and_writes_its_own_only(
    db: Db, login_as: Logins, ours: Organisation, theirs: Organisation
) -> None:
    app = login_as("slapg_app")
    for table in ("tickets", "comments", "clients", "users", "ticket_resources"):
        assert count(db, f"helpdesk.{table}", SECOND), table
        assert count(app, f"helpdesk.{table}", SECOND) == 0, table
        for statement in ("update helpdesk.{} set tenant_id = tenant_id", "delete from helpdesk.{}"):
            query = statement.format(table) + f" where tenant_id = '{SECOND}'"
            assert app.execute(query.encode()).rowcount == 0, query
    assert refused(app, "insert into helpdesk.users (tenant_id, name) values (%s, 'Mole')", SECOND) == "42501"
    assert refused(app, "insert into helpdesk.tickets (tenant_id) values (%s)", SECOND) == "42501"
    move = "update helpdesk.tickets set tenant_id = %s where ticket_id = %s"
    assert refused(app, move, SECOND, ours.ticket) in ("42501", "SL021")
    assert count(db, "helpdesk.tickets", SECOND) == count(db, "helpdesk.tickets", FIRST)


def test_an_administrator_edits_the_chosen_tenant_only(
    db: Db, login_as: Logins, ours: Organisation, theirs: Organisation
) -> None:
    admin = login_as("slapg_admin")
    writable = column(
        db,
        TABLES + HAVING_TENANT + " and has_table_privilege('slapg_admin', c.oid, 'delete') order by 1",
    )
    assert len(writable) > 12
    for table in set(writable) - INSTALLATION:
        deleted = admin.execute(f"delete from {table} where tenant_id = '{SECOND}'".encode())
        assert deleted.rowcount == 0, table
    assert refused(admin, "insert into sla.policies (tenant_id, name) values (%s, 'Ours')", SECOND) == "42501"
    assert admin.execute("update sla.settings set at_risk_percent = 50").rowcount == 1
    there = "select at_risk_percent from sla.settings where tenant_id = %s"
    assert db.execute(there, [SECOND]).fetchone() == (75,)


def test_foreign_keys_neither_reach_across_nor_tell(
    login_as: Logins, ours: Organisation, theirs: Organisation
) -> None:
    """A status, policy or board of another tenant is as good as none."""
    app = login_as("slapg_app")
    change = "update helpdesk.tickets set {} = %s where ticket_id = %s"
    for name, theirs_id in (
        ("status_id", theirs.status),
        ("sla_policy_id", theirs.policy),
        ("board_id", theirs.board),
    ):
        assert refused(app, change.format(name), theirs_id, ours.ticket) == "23503", name
    comment = "insert into helpdesk.comments (ticket_id, author_type) values (%s, 'internal')"
    assert refused(app, comment, theirs.ticket) == "23503"


def test_functions_know_no_other_tenant(
    db: Db, login_as: Logins, ours: Organisation, theirs: Organisation
) -> None:
    admin = login_as("slapg_admin")
    for call in (
        "sla.status(%s)",
        "sla.pause(%s)",
        "sla.resume(%s)",
        "sla.complete(%s, 'response')",
        "sla.cancel(%s)",
        "sla.start_tracking(%s)",
        "sla.resolve_policy(%s)",
    ):
        admin.execute(f"select {call}".encode(), [ours.ticket])
        assert refused(admin, f"select {call}", theirs.ticket) == "SL010", call
    assert refused(admin, "select sla.recalculate(%s)", theirs.policy) == "SL015"
    assert refused(admin, "select sla.configure_itil(%s)", theirs.board) == "SL012"
    for call in (
        "sla.add_business_time(%s, now(), '1 hour')",
        "sla.business_time_between(%s, now(), now() + interval '1 day')",
        "sla.is_business_time(%s, now())",
        "sla.next_business_time(%s, now())",
        "sla.working_intervals(%s, now(), now() + interval '1 day')",
    ):
        admin.execute(f"select {call}".encode(), [ours.schedule])
        assert refused(admin, f"select {call}", theirs.schedule) == "SL001", call
    running = "select count(*) from sla.clocks where state = 'running' and ticket_id = %s"
    assert db.execute(running, [theirs.ticket]).fetchone() == (2,)


def test_calendar_numbers_of_others_count_nothing(
    login_as: Logins, ours: Organisation, theirs: Organisation
) -> None:
    """The helpers behind the views take numbers that anybody can guess."""
    reader = login_as("slapg_reader")
    query = "select count(*) from sla._working_intervals(%s::bigint, 0, 864000000000)"
    assert reader.execute(query, [ours.calendar]).fetchone() == (1,)
    assert reader.execute(query, [theirs.calendar]).fetchone() == (0,)


def test_copy_is_for_the_loader(db: Db, login_as: Logins, ours: Organisation) -> None:
    """Row-level security refuses COPY FROM; the loader bypasses it, and so reads nothing."""
    copy = "copy helpdesk.tickets (title, entered_at) from stdin"
    app = login_as("slapg_app")
    with pytest.raises(psycopg.errors.FeatureNotSupported), app.cursor().copy(copy) as rows:
        rows.write_row(("Printer", "2026-03-02 09:00:00+00"))
    loader = login_as("slapg_loader")
    loader.execute("set role slapg_loader")
    with loader.cursor().copy(copy) as rows:
        rows.write_row(("Loaded", "2026-03-02 09:00:00+00"))
    started = """
        select count(*) from helpdesk.tickets t join sla.audit_log a using (tenant_id, ticket_id)
        where t.title = 'Loaded' and t.tenant_id = %s
    """
    assert db.execute(started, [FIRST]).fetchone() == (1,)
    assert refused(loader, "select count(*) from helpdesk.tickets") == "42501"


def test_triggers_work_for_an_application_without_rights_on_sla(
    db: Db, login_as: Logins, ours: Organisation
) -> None:
    app = login_as("slapg_app")
    own = app.execute(
        "insert into helpdesk.tickets (priority_id, status_id) select r.priority_id, s.status_id "
        "from helpdesk.priorities r, helpdesk.statuses s where s.name = 'Open' returning ticket_id"
    ).fetchone()
    app.execute("insert into helpdesk.comments (ticket_id, author_type) values (%s, 'internal')", own)
    app.execute(
        "update helpdesk.tickets set status_id = s.status_id from helpdesk.statuses s "
        "where s.name = 'Done' and ticket_id = %s",
        own,
    )
    verdicts = db.execute("select metric, met from sla.clocks where ticket_id = %s order by 1", own)
    assert verdicts.fetchall() == [("resolution", True), ("response", True)]
    assert db.execute("select count(*) from sla.verify(%s)", own).fetchone() == (0,)
    assert app.execute("delete from helpdesk.tickets where ticket_id = %s", own).rowcount == 1
    assert db.execute("select count(*) from sla.clocks where ticket_id = %s", own).fetchone() == (0,)
