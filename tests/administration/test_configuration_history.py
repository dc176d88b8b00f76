"""Every change of the configuration is written down with what was before (semantics §7)."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.engine.desk import Desk

GOLD = "(select policy_id from sla.policies where name = 'Gold')"
# What slapg itself writes: not a change that somebody made.
OWN_COLUMNS = {"sla.schedules.calendar_id", "sla.settings.config_version"}


def newest(desk: Desk, table: str) -> Any:
    return desk.rows(
        "select * from sla.configuration_history where table_name = %s order by change_id desc limit 1", table
    )[0]


def count(desk: Desk) -> int:
    return int(desk.value("select count(*) from sla.configuration_history"))


def test_every_column_of_every_table_that_administrators_write_is_watched(desk: Desk) -> None:
    watched = desk.rows(
        """
        select a.attrelid::regclass || '.' || a.attname as name, coalesce(bit_or(t.tgtype) & 28, 0) as events
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
        left join pg_trigger t on t.tgrelid = a.attrelid and t.tgfoid = 'sla._configuration_changed'::regproc
            and (a.attnum = any (t.tgattr) or cardinality(t.tgattr::int2[]) = 0)
        where a.attnum > 0 and not a.attisdropped
            and c.relnamespace in ('sla'::regnamespace, 'helpdesk'::regnamespace)
            and has_table_privilege('slapg_admin', c.oid, 'update')
            and c.oid not in ('helpdesk.users'::regclass, 'helpdesk.clients'::regclass)
        group by 1
        """
    )
    assert len(watched) > 60
    insert_delete_update = 4 + 8 + 16
    assert {row.name for row in watched if row.events != insert_delete_update} == OWN_COLUMNS


def test_an_insert_an_update_and_a_delete(desk: Desk) -> None:
    desk.db.execute("set slapg.actor = 'ann@example.com'")
    policy = desk.value("insert into sla.policies (name) values ('Bronze') returning policy_id")
    entry = newest(desk, "sla.policies")
    assert (entry.operation, entry.row_key, entry.old_values) == ("insert", {"policy_id": str(policy)}, None)
    assert (entry.new_values["name"], entry.new_values["is_default"]) == ("Bronze", False)
    assert (entry.actor, entry.created_at) == ("ann@example.com", desk.value("select sla.now()"))

    desk.db.execute("update sla.policies set name = 'Iron', description = null where name = 'Bronze'")
    entry = newest(desk, "sla.policies")
    assert entry.operation == "update"
    assert (entry.old_values, entry.new_values) == ({"name": "Bronze"}, {"name": "Iron"})

    desk.db.execute("delete from sla.policies where name = 'Iron'")
    entry = newest(desk, "sla.policies")
    assert (entry.operation, entry.old_values["name"], entry.new_values) == ("delete", "Iron", None)


@pytest.mark.parametrize(
    ("edit", "table", "key", "old", "new"),
    [
        (
            "update sla.policy_targets set response_minutes = 45 where response_minutes = 30",
            "sla.policy_targets",
            {"target_id"},
            {"response_minutes": 30},
            {"response_minutes": 45},
        ),
        (
            f"update sla.notification_thresholds set channels = '{{sms}}' "
            f"where policy_id = {GOLD} and percent = 50",
            "sla.notification_thresholds",
            {"policy_id", "percent"},
            {"channels": ["in_app"]},
            {"channels": ["sms"]},
        ),
        (
            "update sla.schedules set timezone = 'Europe/London'",
            "sla.schedules",
            {"schedule_id"},
            {"timezone": "Europe/Amsterdam"},
            {"timezone": "Europe/London"},
        ),
        (
            "update sla.schedule_entries set end_time = '18:00' where day_of_week = 1",
            "sla.schedule_entries",
            {"entry_id"},
            {"end_time": "17:00:00"},
            {"end_time": "18:00:00"},
        ),
        (
            "update sla.status_pause_config set pauses_sla = false",
            "sla.status_pause_config",
            {"status_id"},
            {"pauses_sla": True},
            {"pauses_sla": False},
        ),
        (
            "update sla.settings set reopen_mode = 'restart' "
            "where tenant_id = '00000000-0000-0000-0000-000000000001'",
            "sla.settings",
            set(),
            {"reopen_mode": "continue"},
            {"reopen_mode": "restart"},
        ),
        (
            "update helpdesk.statuses set is_closed = true where name = 'New'",
            "helpdesk.statuses",
            {"status_id"},
            {"is_closed": False},
            {"is_closed": True},
        ),
        (
            "update helpdesk.priorities set rank = 9 where name = 'Low'",
            "helpdesk.priorities",
            {"priority_id"},
            {"rank": 3},
            {"rank": 9},
        ),
    ],
)
def test_an_update_shows_what_changed_and_nothing_else(
    desk: Desk, edit: str, table: str, key: set[str], old: dict[str, Any], new: dict[str, Any]
) -> None:
    before = count(desk)
    desk.db.execute(edit.encode())
    assert count(desk) == before + 1
    entry = newest(desk, table)
    assert (set(entry.row_key or {}), entry.old_values, entry.new_values) == (key, old, new)


def test_an_edit_that_changes_nothing_is_no_change(desk: Desk) -> None:
    before = count(desk)
    desk.db.execute(
        "update sla.policies set name = name; update sla.schedule_entries set end_time = end_time"
    )
    assert count(desk) == before


def test_of_a_client_only_the_policy_is_configuration(desk: Desk) -> None:
    before = count(desk)
    desk.db.execute("insert into helpdesk.clients (name) values ('Foo'), ('Bar')")
    desk.db.execute("update helpdesk.clients set name = 'Baz' where name = 'Foo'")
    desk.db.execute("delete from helpdesk.clients where name = 'Baz'")
    assert count(desk) == before
    desk.db.execute(f"insert into helpdesk.clients (name, sla_policy_id) select 'Foo', {GOLD}".encode())
    desk.db.execute("update helpdesk.clients set sla_policy_id = null where name = 'Foo'")
    desk.db.execute(f"update helpdesk.clients set sla_policy_id = {GOLD} where name = 'Foo'".encode())
    desk.db.execute("delete from helpdesk.clients where name = 'Foo'")
    operations = desk.rows(
        "select operation from sla.configuration_history where table_name = 'helpdesk.clients' "
        "order by change_id"
    )
    assert [row.operation for row in operations] == ["insert", "update", "update", "delete"]


def test_what_goes_with_a_deleted_policy_is_written_down_as_well(desk: Desk) -> None:
    desk.db.execute("delete from sla.policies where name = 'Silver'")
    entry = newest(desk, "sla.policy_targets")
    assert (entry.operation, entry.old_values["resolution_minutes"]) == ("delete", 960)


def test_a_retired_policy_is_an_update(desk: Desk) -> None:
    ticket = desk.enter(policy="Silver")
    desk.change(ticket, status="Closed")
    desk.db.execute("delete from sla.policies where name = 'Silver'")
    entry = newest(desk, "sla.policies")
    assert (entry.operation, list(entry.new_values)) == ("update", ["archived_at"])


def test_another_tenants_change_belongs_to_that_tenant(desk: Desk) -> None:
    tenant: UUID = uuid4()
    desk.db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [tenant])
    assert {newest(desk, t).tenant_id for t in ("helpdesk.tenants", "sla.settings")} == {tenant}
    desk.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    desk.db.execute("insert into sla.policies (name) values ('Theirs')")
    assert newest(desk, "sla.policies").tenant_id == tenant


def test_nobody_rewrites_it(desk: Desk) -> None:
    for statement in (
        "update sla.configuration_history set actor = 'nobody'",
        "delete from sla.configuration_history",
        "truncate sla.configuration_history",
    ):
        with pytest.raises(psycopg.Error) as refusal:
            desk.db.execute(statement.encode())
        assert refusal.value.sqlstate == "SL040"


def test_an_application_is_written_down_without_any_right_on_it(desk: Desk, connect: Any) -> None:
    role = f"app_{desk.db.info.dbname}"
    desk.db.execute(f"create role {role} login in role slapg_app".encode())
    try:
        app = connect(user=role)
        app.execute("update helpdesk.clients set sla_policy_id = null where name = 'Acme'")
        desk.db.execute(f"update helpdesk.clients set sla_policy_id = {GOLD} where name = 'Acme'".encode())
        app.execute("update helpdesk.clients set sla_policy_id = null where name = 'Acme'")
        assert newest(desk, "helpdesk.clients").actor == role
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("select * from sla.configuration_history")
        app.close()
    finally:
        desk.db.execute(f"drop role {role}".encode())
