"""sla.simulate: what if we had promised, opened or paused otherwise?"""

import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.engine.desk import Desk, when


@pytest.fixture
def ticket(desk: Desk) -> UUID:
    """Entered Mon 09:00, waits Mon 12:00 to Tue 12:00, answered Tue 13:00, closed Wed 16:00: 3, 5 and 7 h."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 12:00")
    desk.change(ticket, status="Waiting")
    desk.at("Tue 12:00")
    desk.change(ticket, status="Working")
    desk.at("Tue 13:00")
    desk.reply(ticket)
    desk.at("Wed 16:00")
    desk.change(ticket, status="Closed")
    return ticket


def simulated(desk: Desk, metric: str, **arguments: Any) -> tuple[Any, Any]:
    """When the only ticket's clock would have been due, and what would have come of it."""
    names = "".join(f", p_{name} => %({name})s" for name in arguments)
    query = f"""
        select simulated_due_at, simulated_outcome
        from sla.simulate_tickets('2026-01-01', '2026-03-01'{names}) where metric = '{metric}'
    """
    values = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in arguments.items()}
    [found] = desk.db.execute(query.encode(), values).fetchall()
    return found  # type: ignore[return-value]


def test_nothing_changed(desk: Desk, ticket: UUID) -> None:
    rows = desk.rows("select * from sla.simulate_tickets('2026-01-01', '2026-03-01') order by metric")
    assert [(r.metric, r.recorded_outcome, r.recorded_due_at) for r in rows] == [
        ("resolution", "missed", when("Tue 17:00")),
        ("response", "missed", when("Mon 10:00")),
    ]
    assert [r.simulated_due_at for r in rows] == [r.recorded_due_at for r in rows]
    assert [r.simulated_outcome for r in rows] == [r.recorded_outcome for r in rows]


def test_other_targets(desk: Desk, ticket: UUID) -> None:
    """Four hours for an answer: 3 h before the pause, 1 h after it."""
    targets = {"Normal": {"response_minutes": 240}}
    assert simulated(desk, "response", targets=targets) == (when("Tue 13:00"), "met")
    assert simulated(desk, "resolution", targets=targets) == (when("Tue 17:00"), "missed")
    assert simulated(desk, "resolution", targets={"*": {"resolution_minutes": 900}}) == (
        when("Wed 16:00"),
        "met",
    )
    named = {"*": {"resolution_minutes": 60}, "Normal": {"resolution_minutes": 120}}
    assert simulated(desk, "resolution", targets=named) == (when("Mon 11:00"), "missed")


def test_no_promise(desk: Desk, ticket: UUID) -> None:
    assert simulated(desk, "response", targets={"Normal": {"response_minutes": None}}) == (None, None)


def test_around_the_clock(desk: Desk, ticket: UUID) -> None:
    targets = {"Normal": {"is_24x7": True}}
    assert simulated(desk, "resolution", targets=targets) == (when("Tue 17:00"), "missed")


def test_the_promises_of_another_policy(desk: Desk, ticket: UUID) -> None:
    silver = desk.named("sla.policies", "Silver")
    assert simulated(desk, "response", policy_id=silver) == (when("Mon 11:00"), "missed")
    assert simulated(desk, "resolution", policy_id=silver) == (when("Wed 17:00"), "met")


def test_other_hours(desk: Desk, ticket: UUID) -> None:
    """Nine hours end on Wednesday; with an evening on Tuesday, there; a morning that is paused adds none."""
    nine = {"*": {"resolution_minutes": 540}}
    morning = '[{"day_of_week": 2, "start_time": "07:00", "end_time": "09:00"}]'
    evening = '[{"day_of_week": 2, "start_time": "16:00", "end_time": "20:00"}]'
    assert simulated(desk, "resolution", targets=nine)[0] == when("Wed 10:00")
    assert simulated(desk, "resolution", targets=nine, extra_hours=morning)[0] == when("Wed 10:00")
    assert simulated(desk, "resolution", targets=nine, extra_hours=evening)[0] == when("Tue 18:00")


def test_the_hours_of_another_schedule(desk: Desk, ticket: UUID) -> None:
    with desk.db.transaction():
        desk.db.execute("insert into sla.schedules (name, timezone) values ('Mornings', 'Europe/Amsterdam')")
        desk.db.execute(
            "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time) "
            "select schedule_id, d, '09:00', '12:00' from sla.schedules, generate_series(1, 5) as d "
            "where name = 'Mornings'"
        )
    mornings = desk.named("sla.schedules", "Mornings")
    assert simulated(desk, "resolution", schedule_id=mornings) == (when("Thu 11:00"), "met")
    around_the_clock = {"Normal": {"is_24x7": True}}
    found = simulated(desk, "resolution", schedule_id=mornings, targets=around_the_clock)
    assert found == (when("Tue 17:00"), "missed")


def test_other_pause_rules(desk: Desk, ticket: UUID) -> None:
    """Waiting did not pause: 8 h from Monday 09:00. Working paused: from Tuesday 12:00 to the closing."""
    assert simulated(desk, "resolution", pause_statuses=[]) == (when("Mon 17:00"), "missed")
    working = [desk.named("helpdesk.statuses", "Working")]
    assert simulated(desk, "resolution", pause_statuses=working) == (when("Mon 17:00"), "missed")
    assert simulated(desk, "response", targets={"*": {"response_minutes": 720}}, pause_statuses=working) == (
        when("Tue 14:00"),
        "met",
    )


def test_awaiting_the_client(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(response_state="awaiting_client")
    desk.at("Mon 12:00")
    desk.change(ticket, response_state=None)
    desk.reply(ticket)
    assert simulated(desk, "response") == (when("Mon 13:00"), "met")
    assert simulated(desk, "response", pause_on_awaiting_client=False) == (when("Mon 10:00"), "missed")
    desk.set(pause_on_awaiting_client=False)
    desk.at("Tue 09:00")
    desk.change(ticket, status="Closed")
    assert simulated(desk, "response", pause_on_awaiting_client=True) == (when("Mon 13:00"), "met")


def test_a_promise_where_there_was_none(desk: Desk) -> None:
    """Nobody promised Stray tickets anything; the reply and the closing are known all the same."""
    desk.at("Mon 09:00")
    ticket = desk.enter(priority="Stray")
    desk.at("Mon 11:00")
    desk.reply(ticket)
    targets = {"Stray": {"response_minutes": 60, "resolution_minutes": 480}}
    assert simulated(desk, "response", targets=targets) == (when("Mon 10:00"), "missed")
    assert simulated(desk, "resolution", targets=targets) == (when("Mon 17:00"), "open")
    desk.at("Mon 17:00")
    desk.change(ticket, status="Closed")
    assert simulated(desk, "resolution", targets=targets) == (when("Mon 17:00"), "met")


def test_compliance_then_and_now(desk: Desk, ticket: UUID) -> None:
    desk.at("Wed 16:00")
    for _ in range(2):
        desk.reply(desk.enter())
    rows = desk.rows(
        "select * from sla.simulate('2026-01-01', '2026-03-01', %s)",
        '{"*": {"response_minutes": 240, "resolution_minutes": 900}}',
    )
    found = [(r.priority, r.metric, *r[3:7], *r[7:11]) for r in rows]
    assert [[str(value) for value in row] for row in found] == [
        ["Normal", "response", "2", "1", "0", "66.66", "3", "0", "0", "100.00"],
        ["Normal", "resolution", "0", "1", "2", "0.00", "1", "0", "2", "100.00"],
    ]


def test_only_some_tickets(desk: Desk, ticket: UUID) -> None:
    desk.enter(policy="Silver")
    count = "select count(distinct ticket_id) from sla.simulate_tickets(%s, %s, p_of_policy_id => %s)"
    silver = desk.named("sla.policies", "Silver")
    assert desk.value(count, "2026-01-01", "2026-03-01", None) == 2
    assert desk.value(count, "2026-01-01", "2026-03-01", silver) == 1
    assert desk.value(count, when("Tue 00:00"), "2026-03-01", None) == 1
    assert desk.value(count, "2026-01-01", when("Tue 00:00"), None) == 1
    other = uuid4()
    desk.db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [other])
    desk.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(other)])
    assert desk.value(count, "2026-01-01", "2026-03-01", None) == 0


MISTAKES = {
    "p_targets => '{\"Nobody\": {}}'": "SL050",
    'p_targets => \'{"Normal": {"response_minutes": 1.5}}\'': "SL050",
    'p_targets => \'{"Normal": {"response_minuets": 15}}\'': "SL050",
    "p_targets => '{\"Normal\": 15}'": "SL050",
    "p_targets => '[]'": "SL050",
    'p_extra_hours => \'[{"day_of_week": 7, "start_time": "09:00", "end_time": "10:00"}]\'': "SL050",
    'p_extra_hours => \'[{"day_of_week": 6, "start_time": "9 o", "end_time": "10:00"}]\'': "SL050",
    "p_extra_hours => '{}'": "SL050",
    "p_policy_id => '00000000-0000-0000-0000-000000000000'": "SL015",
    "p_of_policy_id => '00000000-0000-0000-0000-000000000000'": "SL015",
    "p_schedule_id => '00000000-0000-0000-0000-000000000000'": "SL001",
}


def test_what_is_not_understood_is_refused(desk: Desk) -> None:
    found = {}
    for arguments in MISTAKES:
        with pytest.raises(psycopg.Error) as caught:
            desk.db.execute(f"select * from sla.simulate('2026-01-01', '2026-03-01', {arguments})".encode())
        found[arguments] = caught.value.sqlstate
    assert found == MISTAKES


def test_nothing_is_written(desk: Desk, ticket: UUID) -> None:
    desk.db.execute("set default_transaction_read_only = on")
    assert simulated(desk, "response", targets={"*": {"response_minutes": 240}})[1] == "met"
