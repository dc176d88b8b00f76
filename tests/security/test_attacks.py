"""Names of the attacker's own, put where a careless function would find them first.

The attacker may make temporary tables and has a schema: with a table of the name of each of slapg's, and with
a function or operator for each of PostgreSQL's that slapg's functions call. Whoever runs one, fails.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.security.conftest import Logins
from tests.security.organisations import SECOND, Organisation

Db = psycopg.Connection[Any]
FALLEN = "PW001"
ROLES = ("slapg_app", "slapg_admin", "slapg_listener", "slapg_cron")

BAIT = (Path(__file__).parent / "bait.sql").read_text()

TEMPORARY = """
select format('create temporary table %I (tenant_id uuid, ticket_id uuid)', c.relname)
from pg_class c
where c.relnamespace in ('sla'::regnamespace, 'helpdesk'::regnamespace) and c.relkind in ('r', 'p', 'v')
union
select format('create temporary table %I (tenant_id uuid)', t.name)
from pg_trigger g cross join unnest(array[g.tgoldtable, g.tgnewtable]) as t (name) where t.name is not null
"""

# Each with nothing for its arguments: they are counted on to fail or to do nothing, of themselves.
CALLS = """
select case p.prokind when 'p' then 'call ' else 'select ' end || p.oid::regproc || '('
    || coalesce((select string_agg('null::' || format_type(a.type, null), ', ' order by a.place)
                 from unnest(p.proargtypes) with ordinality as a (type, place)), '') || ')'
from pg_proc p
where p.pronamespace in ('sla'::regnamespace, 'helpdesk'::regnamespace) and p.prosecdef
    and p.prorettype <> 'trigger'::regtype and has_function_privilege(%s, p.oid, 'execute')
order by 1
"""


@pytest.fixture
def desk(db: Db, ours: Organisation) -> Organisation:
    db.execute("create schema evil")
    db.execute("set search_path = pg_catalog")
    db.execute(BAIT.encode())
    db.execute("reset search_path")
    db.execute("grant usage on schema evil to public")
    return ours


@pytest.fixture
def attackers(db: Db, desk: Organisation, login_as: Logins) -> dict[str, Db]:
    temporary = [statement for (statement,) in db.execute(TEMPORARY)]
    assert len(temporary) > 40
    found = {}
    for role in ROLES:
        found[role] = login_as(role)
        for statement in temporary:
            found[role].execute(statement.encode())
        found[role].execute("set search_path = evil, pg_temp, pg_catalog")
    return found


def outcome(attacker: Db, statement: str) -> str | None:
    """The SQLSTATE of the statement's error; None when it has none."""
    try:
        attacker.execute(statement.encode())
    except psycopg.Error as error:
        return error.sqlstate
    return None


def test_the_bait_is_taken_by_a_careless_function(db: Db, attackers: dict[str, Db]) -> None:
    """Else the tests below could not fail."""
    for body in ("select lower('A')", "select 'a'::text = 'b'::text"):
        text = f"language plpgsql security definer as $$ begin perform ({body}); end $$"
        db.execute(f"create or replace function public.careless() returns void {text}".encode())
        assert outcome(attackers["slapg_app"], "select public.careless()") == FALLEN, body
        db.execute("alter function public.careless() set search_path = pg_catalog, pg_temp")
        assert outcome(attackers["slapg_app"], "select public.careless()") is None, body


def test_no_definer_function_that_may_be_called_falls_for_it(db: Db, attackers: dict[str, Db]) -> None:
    called: set[str] = set()
    for role, attacker in attackers.items():
        for (call,) in db.execute(CALLS, [role]).fetchall():
            called.add(call)
            assert outcome(attacker, call) != FALLEN, f"{role}: {call}"
    assert len(called) > 20


def statements(desk: Organisation) -> Iterator[tuple[str, str]]:
    """Who writes what, so that each trigger runs; qualified, and without an operator of the attacker's."""
    ticket = f"cast('{desk.ticket}' as uuid)"
    any_ticket = f"helpdesk.tickets where ticket_id operator(pg_catalog.=) {ticket}"
    status = "(select status_id from helpdesk.statuses where name operator(pg_catalog.=) '{}')"
    update = "update " + any_ticket.replace(" where", " set {} where")
    yield "slapg_app", "insert into helpdesk.tickets (title) values ('A')"
    yield "slapg_app", f"insert into helpdesk.comments (ticket_id, author_type) values ({ticket}, 'internal')"
    for change in (
        f"status_id = {status.format('Waiting')}",
        f"status_id = {status.format('Done')}",
        f"status_id = {status.format('Open')}",
        "response_state = 'awaiting_client'",
        "due_date = pg_catalog.now()",
        "priority_id = null",
    ):
        yield "slapg_app", update.format(change)
    yield "slapg_app", "update helpdesk.comments set author_type = 'internal', is_internal = false"
    yield "slapg_app", "delete from " + any_ticket
    yield "slapg_admin", "insert into helpdesk.priorities (name) values ('B')"
    for table, change in (
        ("sla.policies", "description = 'new'"),
        ("sla.policy_targets", "response_minutes = 30"),
        ("sla.notification_thresholds", "percent = 60"),
        ("sla.schedules", "timezone = 'Europe/London'"),
        ("sla.schedule_entries", "end_time = '18:00'"),
        ("sla.holidays", "name = 'Holiday'"),
        ("sla.status_pause_config", "pauses_sla = false"),
        ("sla.escalation_managers", "notify_via = '{in_app}'"),
        ("sla.settings", "pause_on_awaiting_client = false"),
        ("helpdesk.statuses", "is_closed = true"),
        ("helpdesk.boards", "sla_policy_id = null"),
        ("helpdesk.clients", "sla_policy_id = null"),
    ):
        yield "slapg_admin", f"update {table} set {change}"
    for name in ("escalation_managers", "policies", "schedules"):
        yield "slapg_admin", f"delete from sla.{name}"
    for name in ("priorities", "statuses", "users"):
        yield "slapg_admin", f"delete from helpdesk.{name}"
    yield "slapg_admin", f"insert into helpdesk.tenants (tenant_id, name) values ('{SECOND}', 'C')"
    yield "slapg_admin", f"insert into sla.role_tenants values ('{SECOND}', 'slapg_reader')"


def test_no_trigger_falls_for_it(attackers: dict[str, Db], desk: Organisation) -> None:
    """Each statement does its work, or is refused because what it deletes is in use."""
    for role, statement in statements(desk):
        assert outcome(attackers[role], statement) in (None, "SL019"), statement
    own_tables = """
        select relname from pg_catalog.pg_class where relkind operator(pg_catalog.=) 'r'
            and relnamespace operator(pg_catalog.=) pg_catalog.pg_my_temp_schema()
    """
    for attacker in attackers.values():
        for (name,) in attacker.execute(own_tables).fetchall():
            assert attacker.execute(f'table pg_temp."{name}"'.encode()).fetchall() == [], name


def test_settings_meant_for_others_are_refused(login_as: Logins, ours: Organisation) -> None:
    """slapg.now without the right to it fails each call that reads the time, as does a tenant not granted."""
    calls = {
        "slapg_app": [
            "insert into helpdesk.tickets (title) values ('A')",
            "update helpdesk.tickets set response_state = 'awaiting_client'",
            f"insert into helpdesk.comments (ticket_id, author_type) values ('{ours.ticket}', 'internal')",
        ],
        "slapg_reader": [
            "select * from sla.ticket_status",
            "select * from sla.tickets_at_risk",
            "select * from sla.compliance",
            f"select * from sla.status('{ours.ticket}')",
        ],
        "slapg_listener": [
            "select sla.claim_notifications('email')",
            "select sla.next_fire_at()",
            "call sla.sweep()",
        ],
        "slapg_cron": ["call sla.sweep()"],
    }
    for role, statements in calls.items():
        for setting, value, sqlstate in (
            ("slapg.now", "2026-03-02 09:00:00+00", "SL030"),
            ("slapg.tenant_id", str(SECOND), "SL032"),
        ):
            if setting == "slapg.tenant_id" and role in ("slapg_listener", "slapg_cron"):
                continue
            login = login_as(role)
            login.execute("select set_config(%s, %s, false)", [setting, value])
            for statement in statements:
                with pytest.raises(psycopg.Error) as caught:
                    login.execute(statement.encode())
                assert caught.value.sqlstate == sqlstate, f"{role}: {statement}"
