"""helpdesk.current_tenant(): for whom a role acts, and for whom it may not."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.security.conftest import Logins
from tests.security.organisations import FIRST, SECOND, Organisation, enter, furnish

Db = psycopg.Connection[Any]
THIRD = uuid4()


@pytest.fixture(autouse=True)
def tenants(db: Db) -> None:
    for tenant, name in ((SECOND, "Second"), (THIRD, "Third")):
        db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, %s)", [tenant, name])


def choose(connection: Db, tenant: UUID | str) -> None:
    connection.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])


def acts_for(connection: Db) -> UUID:
    row = connection.execute("select helpdesk.current_tenant()").fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def refusal(connection: Db, query: str = "select helpdesk.current_tenant()") -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(query.encode())
    assert caught.value.diag.message_hint
    return caught.value


def test_a_role_listed_nowhere_acts_for_the_default_tenant_only(login_as: Logins) -> None:
    app = login_as("slapg_app")
    assert acts_for(app) == FIRST
    choose(app, FIRST)
    assert acts_for(app) == FIRST
    choose(app, SECOND)
    assert refusal(app).sqlstate == "SL032"
    choose(app, "")
    assert acts_for(app) == FIRST


def test_a_listed_role_acts_for_what_is_listed_only(login_as: Logins) -> None:
    app = login_as("slapg_app", tenants=(SECOND,))
    error = refusal(app)
    assert (error.sqlstate, str(FIRST) in str(error)) == ("SL032", True)
    choose(app, SECOND)
    assert acts_for(app) == SECOND
    for other in (FIRST, THIRD):
        choose(app, other)
        assert refusal(app).sqlstate == "SL032"


def test_a_role_may_be_listed_for_several(login_as: Logins) -> None:
    app = login_as("slapg_app", tenants=(FIRST, SECOND))
    assert acts_for(app) == FIRST
    choose(app, SECOND)
    assert acts_for(app) == SECOND


def test_no_longer_listed(db: Db, login_as: Logins) -> None:
    app = login_as("slapg_app", tenants=(SECOND,))
    choose(app, SECOND)
    assert acts_for(app) == SECOND
    db.execute("delete from sla.role_tenants")
    assert refusal(app).sqlstate == "SL032"
    choose(app, "")
    assert acts_for(app) == FIRST


def test_members_of_a_listed_role_act_for_its_tenants(db: Db, login_as: Logins) -> None:
    team = login_as.role("slapg_reader")
    db.execute("insert into sla.role_tenants values (%s, %s)", [SECOND, team])
    member = login_as(team)
    choose(member, SECOND)
    assert acts_for(member) == SECOND
    choose(member, "")
    assert refusal(member).sqlstate == "SL032"


def test_the_role_taken_on_counts_not_the_login(db: Db, login_as: Logins) -> None:
    team = login_as.role("slapg_reader")
    db.execute("insert into sla.role_tenants values (%s, %s)", [SECOND, team])
    login = login_as("slapg_app", team)
    login.execute("set role slapg_app")
    assert acts_for(login) == FIRST
    login.execute(f"set role {team}")
    assert refusal(login).sqlstate == "SL032"
    login.execute("reset role")
    assert refusal(login).sqlstate == "SL032"


def test_a_membership_that_is_not_inherited_waits_for_set_role(db: Db, login_as: Logins) -> None:
    login = login_as("slapg_app")
    db.execute(f"alter role {login.info.user} noinherit")
    login_as.grant("slapg_admin", login.info.user)
    login.execute("set slapg.now = ''")
    choose(login, SECOND)
    login.execute("set role slapg_admin")
    assert acts_for(login) == SECOND


def test_a_definer_function_of_somebody_else_lends_no_tenant(db: Db, login_as: Logins) -> None:
    """The acting role is who logged in, whoever the function runs as."""
    db.execute("create function public.theirs() returns uuid security definer language sql "
               "return helpdesk.current_tenant()")  # fmt: skip
    app = login_as("slapg_app")
    choose(app, SECOND)
    assert refusal(app, "select public.theirs()").sqlstate == "SL032"


def test_members_of_these_act_for_all(login_as: Logins) -> None:
    for role in ("slapg_admin", "slapg_listener", "slapg_all_tenants", "slapg_owner"):
        login = login_as(role, "slapg_reader")
        for tenant in (FIRST, SECOND, THIRD):
            choose(login, tenant)
            assert acts_for(login) == tenant


@pytest.mark.parametrize("role", ["slapg_app", "slapg_admin"])
def test_what_is_no_tenant_is_named(login_as: Logins, role: str) -> None:
    login = login_as(role)
    for setting in ("acme", "22222222-2222-2222-2222-22222222222g", "2" * 36, "{}"):
        choose(login, setting)
        error = refusal(login)
        assert (error.sqlstate, setting in str(error)) == ("SL033", True)


def test_a_role_that_does_not_exist_cannot_be_listed(db: Db) -> None:
    error = refusal(db, f"insert into sla.role_tenants values ('{SECOND}', 'nobody_of_that_name')")
    assert (error.sqlstate, "nobody_of_that_name" in str(error)) == ("SL034", True)


def test_a_listed_role_cannot_be_dropped_by_mistake(db: Db, login_as: Logins) -> None:
    """Else whoever is later given that name would inherit its tenants."""
    role = login_as.role()
    db.execute("insert into sla.role_tenants values (%s, %s)", [SECOND, role])
    with pytest.raises(psycopg.errors.DependentObjectsStillExist):
        db.execute(f"drop role {role}")
    db.execute("delete from sla.role_tenants")
    db.execute(f"drop role {role}")
    login_as.names.remove(role)


def test_administrators_list_and_nobody_else(login_as: Logins) -> None:
    admin, reader = login_as("slapg_admin"), login_as("slapg_reader", tenants=(FIRST,))
    listing = "insert into sla.role_tenants values (%s, %s)"
    admin.execute(listing, [THIRD, reader.info.user])
    choose(reader, THIRD)
    assert acts_for(reader) == THIRD
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(listing, [SECOND, reader.info.user])
    assert reader.execute("select tenant_id from sla.role_tenants").fetchall() == [(THIRD,)]


def test_administrators_see_and_make_tenants_without_choosing_them(login_as: Logins) -> None:
    admin, app = login_as("slapg_admin"), login_as("slapg_app")
    admin.execute("insert into helpdesk.tenants (name) values ('Fourth')")
    assert admin.execute("select count(*) from helpdesk.tenants").fetchone() == (4,)
    assert app.execute("select tenant_id from helpdesk.tenants").fetchall() == [(FIRST,)]


def test_one_sweep_of_cron_serves_all(db: Db, login_as: Logins, ours: Organisation) -> None:
    """Its tenants are not chosen by the caller, and ticket triggers run under each."""
    furnish(db, SECOND)
    tickets = {enter(db, tenant) for tenant in (FIRST, SECOND)}
    login_as("slapg_cron").execute("call sla.sweep()")
    breached = db.execute("select ticket_id from sla.threshold_events where kind = 'breach'").fetchall()
    assert tickets <= {ticket for (ticket,) in breached}
    assert db.execute("select count(*) from sla.sweep_errors where message <> 'made up'").fetchone() == (0,)


def test_the_listener_relays_for_all(login_as: Logins, ours: Organisation) -> None:
    listener = login_as("slapg_listener")
    claimed = listener.execute("select tenant_id from sla.claim_notifications('email', 100)").fetchall()
    assert claimed
    assert {tenant for (tenant,) in claimed} == {FIRST}
