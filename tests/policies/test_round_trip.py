"""Export, apply on an empty database, export: the same bytes."""

import json
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from slapg.policies import apply, parse
from tests.engine.desk import Desk
from tests.policies.conftest import PEOPLE, Apply, Export, actions
from tests.policies.strategies import files
from tests.policies.test_apply import EXAMPLE


def test_example(db: psycopg.Connection[Any], apply_text: Apply, exported: Export) -> None:
    apply_text(EXAMPLE.read_text())
    text = exported()
    empty(db)
    assert exported() != text
    apply_text(text)
    assert exported() == text


def test_desk_that_was_configured_by_sql(db: psycopg.Connection[Any], exported: Export) -> None:
    Desk(db)
    db.execute("insert into sla.holidays (name, holiday_date) values ('Fair', '2026-05-05')")
    db.execute("update sla.settings set import_after = '1 day 00:00:00.25'")
    text = exported()
    assert "import_after: 24h 0.25s" in text
    empty(db)
    apply(db, parse(text.encode(), "desk.yaml"))
    assert exported() == text


def test_itil_policy(db: psycopg.Connection[Any], exported: Export, apply_text: Apply, people: None) -> None:
    db.execute("select sla.configure_itil(board_id) from helpdesk.boards where name = 'Lab'")
    text = exported()
    assert (
        "Critical: {response: 15m, resolution: 1h, escalation_percents: [70, 90, 110], is_24x7: true}" in text
    )
    assert "Planning: {response: 8h, resolution: 168h, " in text
    empty(db)
    apply_text(text)
    assert exported() == text


def test_pruned_with_an_export_the_database_is_what_it_was(
    apply_text: Apply, exported: Export, people: None
) -> None:
    apply_text(EXAMPLE.read_text())
    text = exported()
    apply_text(
        """
priorities: {Nice: {}}
schedules: {Amsterdam: {is_default: false, holidays: []}, Mine: {is_default: true}}
holidays: [{date: 12-31, name: Eve}]
policies: {Gold: {targets: {}}, Silver: {is_default: true}}
pausing_statuses: [Waiting]
boards:
  Lab: {policy: Silver, manager: Bea, pausing_statuses: [Parts], escalation_managers: {2: {manager: Leo}}}
clients: {Acme: {policy: Gold}}
"""
    )
    apply_text(text, prune=True)
    assert exported() == text


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=files())
def test_any_file(db: psycopg.Connection[Any], wanted: dict[str, Any]) -> None:
    """JSON is YAML, so that what is applied was not written by the code that is tried here."""
    with db.transaction(force_rollback=True):
        db.execute(PEOPLE)
        given = parse(json.dumps(wanted).replace("\x7f", "\\u007f").encode(), "desk.yaml")
        apply(db, with_number_keys(given))
        text = dumped(db)
        assert actions(apply(db, parse(text.encode(), "export.yaml"), prune=True)) == {}
        assert actions(apply(db, with_number_keys(given), prune=True)) == {}
    with db.transaction(force_rollback=True):
        db.execute(PEOPLE)
        apply(db, parse(text.encode(), "export.yaml"))
        assert dumped(db) == text


@pytest.mark.parametrize("breaks", ["\x85", "a\u2028b", "\u2029", "\n", "\r\n"])
def test_line_breaks_in_names_survive(db: psycopg.Connection[Any], breaks: str) -> None:
    wanted = {"priorities": {breaks: {"rank": 1}}, "holidays": [{"date": "12-25", "name": breaks}]}
    apply(db, parse(json.dumps(wanted).encode(), "desk.yaml"))
    text = dumped(db)
    assert actions(apply(db, parse(text.encode(), "export.yaml"), prune=True)) == {}
    assert db.execute("select name from sla.holidays").fetchall() == [(breaks,)]


def with_number_keys(document: Any) -> Any:
    """JSON has texts for keys only: percents and levels become the numbers that they are."""
    for policy in document.data["policies"].values():
        policy["thresholds"] = {int(percent): item for percent, item in policy["thresholds"].items()}
    for board in document.data["boards"].values():
        board["escalation_managers"] = {
            int(level): item for level, item in board["escalation_managers"].items()
        }
    return document


def dumped(db: psycopg.Connection[Any]) -> str:
    """`export` wants a transaction of its own, and these examples share one that is rolled back."""
    from slapg.policies.dumping import dump
    from slapg.policies.reading import read

    return dump(read(db).file)


def empty(db: psycopg.Connection[Any]) -> None:
    """Forget the configuration, by another way than the one that is tried here."""
    db.execute(
        """
        update helpdesk.boards set sla_policy_id = null, manager_user_id = null;
        update helpdesk.clients set sla_policy_id = null;
        set session_replication_role = replica;
        delete from sla.policy_targets; delete from sla.notification_thresholds; delete from sla.policies;
        delete from sla.escalation_managers; delete from sla.status_pause_config; delete from sla.terms;
        delete from sla.schedule_entries; delete from sla.holidays; delete from sla.calendars;
        delete from sla.schedules; delete from helpdesk.priorities;
        set session_replication_role = origin;
        update sla.settings set timezone = 'UTC', at_risk_percent = 75, import_after = '24 hours',
            digest_after = 10, locale = 'en';
        """
    )
