"""`apply`: the database becomes what the file says, in one transaction, and nothing else changes."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from slapg.policies import PolicyFileError, apply, export, parse
from slapg.policies.statements import hold_configuration
from tests.conftest import Connect
from tests.engine.desk import Desk
from tests.policies.conftest import Apply, Export, LoginAs, actions

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "policies" / "service_desk.yaml"

SMALL = """
priorities:
  High: {rank: 1}
  Low: {rank: 2}
schedules:
  Office:
    timezone: Europe/Amsterdam
    entries:
      - {days: mon-fri, hours: "09:00-17:00"}
    holidays:
      - {date: 12-25, name: Christmas}
policies:
  Gold:
    schedule: Office
    targets:
      High: {response: 30m, resolution: 4h}
      Low: {resolution: 8h}
    thresholds:
      75: {notify: [assignee], channels: [in_app]}
"""
FOR_DESKS = """
pausing_statuses: [Waiting]
boards:
  Lab:
    policy: Gold
    manager: bea@example.com
    escalation_managers:
      1: {manager: Eva, notify_via: [email]}
      3: {manager: leo@example.com}
    pausing_statuses: [Waiting, Parts]
clients:
  Acme: {policy: Gold}
"""


def everything(db: psycopg.Connection[Any]) -> list[Any]:
    """All rows that a file could change, and the number that each change of the configuration raises."""
    tables = (
        "helpdesk.priorities helpdesk.boards helpdesk.clients helpdesk.statuses sla.schedules "
        "sla.schedule_entries sla.holidays sla.policies sla.policy_targets sla.notification_thresholds "
        "sla.escalation_managers sla.status_pause_config sla.settings sla.calendars sla.terms"
    )
    return [
        sorted(db.execute(f"select t::text from {table} t").fetchall())  # type: ignore[arg-type]
        for table in tables.split()
    ]


def test_example_is_applied_and_applying_it_again_changes_nothing(
    db: psycopg.Connection[Any], apply_text: Apply
) -> None:
    first = apply_text(EXAMPLE.read_text())
    assert {change.action for change in first.changes} == {"created", "changed"}
    assert actions(first)["policies Gold"] == "created"
    before = everything(db)
    assert actions(apply_text(EXAMPLE.read_text())) == {}
    assert everything(db) == before


def test_rows_are_what_the_file_says(db: psycopg.Connection[Any], apply_text: Apply, people: None) -> None:
    apply_text(SMALL + FOR_DESKS)
    assert db.execute(
        "select r.name, response_minutes, resolution_minutes, escalation_1_percent, escalation_3_percent,"
        " is_24x7 from sla.policy_targets join helpdesk.priorities r using (tenant_id, priority_id)"
        " order by r.rank"
    ).fetchall() == [("High", 30, 240, 70, 110, False), ("Low", None, 480, 70, 110, False)]
    assert db.execute(
        "select day_of_week, start_time::text, end_time::text from sla.schedule_entries order by 1"
    ).fetchall() == [(day, "09:00:00", "17:00:00") for day in range(1, 6)]
    assert db.execute(
        "select b.name, m.level, u.name, m.notify_via from sla.escalation_managers m"
        " join helpdesk.boards b using (tenant_id, board_id)"
        " join helpdesk.users u on u.user_id = m.manager_user_id order by level"
    ).fetchall() == [("Lab", 1, "Eva", ["email"]), ("Lab", 3, "Leo", ["in_app", "email"])]
    assert db.execute(
        "select s.name, b.name from sla.status_pause_config c join helpdesk.statuses s using (tenant_id,"
        " status_id) left join helpdesk.boards b using (tenant_id, board_id) where pauses_sla order by 2, 1"
    ).fetchall() == [("Parts", "Lab"), ("Waiting", "Lab"), ("Waiting", None)]
    assert db.execute(
        "select c.name, p.name from helpdesk.clients c"
        " left join sla.policies p on p.policy_id = c.sla_policy_id order by 1"
    ).fetchall() == [("Acme", "Gold"), ("Zenith", None)]


def test_a_dry_run_says_the_same_and_changes_nothing(db: psycopg.Connection[Any], apply_text: Apply) -> None:
    before = everything(db)
    tried = apply_text(SMALL, dry_run=True)
    assert everything(db) == before
    assert tried.changes == apply_text(SMALL).changes


def test_a_dry_run_is_refused_where_the_database_would_refuse(apply_text: Apply) -> None:
    with pytest.raises(PolicyFileError, match=r"entries > 2: entries .* overlap.*\[SL005\]"):
        apply_text(
            SMALL.replace(
                'hours: "09:00-17:00"}', 'hours: "09:00-17:00"}\n      - {days: fri, hours: "16:00-18:00"}'
            ),
            dry_run=True,
        )


def test_what_the_file_leaves_out_is_left_alone(apply_text: Apply, exported: Export) -> None:
    apply_text(SMALL)
    before = exported()
    assert actions(apply_text("schedules: {Office: {}}\npolicies: {Gold: {}}\nsettings: {}\n")) == {}
    assert actions(apply_text("schedules: {Office: {timezone: Europe/Brussels}}")) == {
        "schedules Office": "changed"
    }
    assert exported() == before.replace("Europe/Amsterdam", "Europe/Brussels")


def test_lists_and_tables_become_exactly_what_they_say(apply_text: Apply, exported: Export) -> None:
    apply_text(SMALL)
    outcome = apply_text("policies: {Gold: {targets: {High: {response: 1h}}, thresholds: {}}}")
    lines = {" > ".join(line.key): (line.old, line.new) for line in outcome.changes[0].lines}
    assert lines == {
        "targets > High > response": ("30m", "1h"),
        "targets > High > resolution": ("4h", None),
        "targets > Low > resolution": ("8h", None),
        "targets > Low > escalation_percents": ("70, 90, 110", None),
        "thresholds > 75 > notify": ("assignee", None),
        "thresholds > 75 > channels": ("in_app", None),
    }
    assert "Low: {resolution" not in exported()


def test_names_that_are_not_listed_stay_until_they_are_pruned(
    apply_text: Apply, exported: Export, people: None
) -> None:
    apply_text(SMALL + FOR_DESKS)
    before = exported()
    only_silver = "policies: {Silver: {targets: {}}}\nboards: {}\nclients: {}\n"
    assert actions(apply_text(only_silver)) == {
        "policies Silver": "created",
        "policies Gold": "left",
        "boards Lab": "left",
        "clients Acme": "left",
    }
    assert before.replace("policies:\n", "") != exported()
    assert actions(apply_text(only_silver, prune=True)) == {
        "policies Gold": "removed",
        "boards Lab": "removed",
        "clients Acme": "removed",
    }
    after = exported()
    assert "Gold" not in after
    assert "boards: {}" in after
    assert "Office" in after, "a section that the file lacks is not pruned"


def test_pruning_what_is_in_use_is_refused_with_its_users(
    db: psycopg.Connection[Any], apply_text: Apply, people: None
) -> None:
    apply_text(SMALL + FOR_DESKS)
    before = everything(db)
    with pytest.raises(psycopg.Error) as refusal:
        apply_text("settings: {at_risk_percent: 50}\npolicies: {}\n", prune=True)
    assert refusal.value.sqlstate == "SL019"
    assert refusal.value.diag.message_primary == 'policy "Gold" is in use: board Lab, client Acme'
    assert everything(db) == before


def test_another_default_takes_over(db: psycopg.Connection[Any], apply_text: Apply) -> None:
    apply_text("policies: {Old: {is_default: true}}\nschedules: {Day: {is_default: true}}")
    outcome = apply_text("policies: {New: {is_default: true}}\nschedules: {Night: {is_default: true}}")
    assert actions(outcome) == {
        "schedules Night": "created",
        "schedules Day": "changed",
        "policies New": "created",
        "policies Old": "changed",
    }
    assert db.execute("select name from sla.policies where is_default").fetchall() == [("New",)]
    # The default is in use; another one in the same file sets it free.
    assert actions(apply_text("policies: {Third: {is_default: true}}", prune=True)) == {
        "policies Third": "created",
        "policies Old": "removed",
        "policies New": "removed",
    }


def test_open_tickets_follow_the_hours_in_the_same_transaction(desk: Desk) -> None:
    ticket = desk.enter(entered_at="Mon 09:00")  # eight hours to resolve
    text = 'schedules: {Office: {entries: [{days: mon-fri, hours: "09:00-13:00"}]}}'
    apply(desk.db, parse(text.encode(), "desk.yaml"))
    assert f"{desk.resolution(ticket).due_at:%d %H:%M}" == "03 12:00"


def test_hours_that_open_tickets_cannot_do_without(desk: Desk) -> None:
    desk.enter()
    with pytest.raises(psycopg.Error) as refusal:
        apply(desk.db, parse(b"schedules: {Office: {entries: []}}", "desk.yaml"))
    assert refusal.value.sqlstate == "SL007"


def test_nobody_writes_tickets_between_what_was_read_and_what_is_written(
    db: psycopg.Connection[Any], connect: Connect
) -> None:
    with db.transaction():
        hold_configuration(db)
        other = connect(options="-c lock_timeout=200ms")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("insert into helpdesk.tickets (title) values ('Late')")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            apply(other, parse(SMALL.encode(), "desk.yaml"))
    other.execute("insert into helpdesk.tickets (title) values ('In time')")


def test_it_keeps_to_its_tenant(db: psycopg.Connection[Any], apply_text: Apply, exported: Export) -> None:
    apply_text(SMALL)
    before = exported()
    (tenant,) = db.execute(
        "insert into helpdesk.tenants (name) values ('Other') returning tenant_id"
    ).fetchone()  # type: ignore[misc]
    db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    assert "Gold" not in exported()
    apply_text(SMALL.replace("30m", "31m"))
    apply_text("policies: {}\nschedules: {}\npriorities: {}", prune=True)
    db.execute("reset slapg.tenant_id")
    assert exported() == before


def test_an_administrator_may_and_a_reader_may_not(login_as: LoginAs) -> None:
    document = parse(SMALL.encode(), "desk.yaml")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        apply(login_as("slapg_reader"), document)
    assert actions(apply(login_as("slapg_admin"), document))["policies Gold"] == "created"
    assert "Gold:" in export(login_as("slapg_reader"))
