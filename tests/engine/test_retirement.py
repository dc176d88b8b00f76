"""Deleting what clocks are explained by (semantics §4): refused while in use, else kept as archived."""

import psycopg
import pytest

from tests.engine.desk import Desk


def delete(desk: Desk, table: str, name: str) -> None:
    desk.db.execute(f"delete from {table} where name = %s", [name])  # type: ignore[arg-type]


def archived(desk: Desk, table: str, name: str) -> bool | None:
    """Whether it is archived; None when it is gone."""
    row = desk.db.execute(f"select archived_at is not null from {table} where name = %s", [name]).fetchone()  # type: ignore[arg-type]
    return None if row is None else row[0]


@pytest.mark.parametrize(
    ("table", "name", "user"),
    [
        ("sla.policies", "Gold", "the default policy"),
        ("sla.policies", "Silver", "1 open tickets, client Acme"),
        ("sla.schedules", "Office", "1 open tickets, the default schedule"),
        ("helpdesk.statuses", "New", "1 open tickets"),
        ("helpdesk.priorities", "Normal", "1 open tickets, policy Gold, policy Silver"),
    ],
)
def test_what_is_in_use_is_not_deleted_and_the_users_are_named(
    desk: Desk, table: str, name: str, user: str
) -> None:
    desk.db.execute(
        "update helpdesk.clients c set sla_policy_id = p.policy_id from sla.policies p"
        " where c.name = 'Acme' and p.name = 'Silver'"
    )
    desk.enter()
    with pytest.raises(psycopg.Error) as refusal:
        delete(desk, table, name)
    assert refusal.value.sqlstate == "SL019"
    assert str(refusal.value.diag.message_primary).endswith(f' "{name}" is in use: {user}')
    assert archived(desk, table, name) is False


def test_what_nobody_ever_used_is_gone(desk: Desk) -> None:
    for table, name in (
        ("sla.policies", "Silver"),
        ("helpdesk.statuses", "Archived"),
        ("helpdesk.priorities", "Stray"),
    ):
        delete(desk, table, name)
        assert archived(desk, table, name) is None


def test_what_old_clocks_name_is_archived_and_explains_them_still(desk: Desk) -> None:
    ticket = desk.enter(policy="Silver")
    desk.change(ticket, status="Closed")
    delete(desk, "sla.policies", "Silver")
    assert archived(desk, "sla.policies", "Silver") is True
    names = desk.db.execute(
        "select distinct p.name from sla.clocks c join sla.policies p using (tenant_id, policy_id)"
    ).fetchall()
    assert names == [("Silver",)]
    delete(desk, "helpdesk.statuses", "Closed")
    assert archived(desk, "helpdesk.statuses", "Closed") is True


def test_a_retired_schedule_keeps_its_calendars(desk: Desk) -> None:
    desk.db.execute("insert into sla.schedules (name, timezone) values ('Night', 'UTC')")
    delete(desk, "sla.schedules", "Night")
    assert archived(desk, "sla.schedules", "Night") is True
