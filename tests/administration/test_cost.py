"""What an edit costs under many open tickets, in rows touched: those are the same on every machine."""

from typing import Any

import pytest

from tests.engine.desk import Desk, when

TICKETS = 300
ENTER = """
    insert into helpdesk.tickets (priority_id, status_id, board_id, assigned_to, entered_at)
    select p.priority_id, s.status_id, b.board_id, u.user_id, sla.now()
    from generate_series(1, %s),
        helpdesk.priorities p, helpdesk.statuses s, helpdesk.boards b, helpdesk.users u
    where p.name = 'Normal' and s.name = 'New' and b.name = 'Desk' and u.name = 'Ann'
"""
TOUCHED = """
    select relname::text as name, n_tup_ins as inserted, n_tup_upd as updated,
           coalesce(idx_tup_fetch, 0) + seq_tup_read as read
    from pg_stat_xact_all_tables where schemaname in ('sla', 'helpdesk')
"""


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Many tickets, two clocks each, each clock with what it crossed recorded; it is Monday, 14:00."""
    desk.at("Mon 09:00")
    desk.db.execute(ENTER, [TICKETS])
    desk.sweep("Mon 14:00")
    assert desk.value("select count(*) from sla.threshold_events") == 4 * TICKETS
    return desk


def touched(desk: Desk, edit: str) -> dict[str, Any]:
    """What one transaction with that edit does to each table."""
    desk.db.execute("select pg_stat_force_next_flush()")  # or what was done before is counted, too
    with desk.db.transaction():
        desk.db.execute(edit.encode())
        desk.db.execute("set constraints all immediate")
        return {row.name: row for row in desk.rows(TOUCHED)}


def test_an_edit_of_the_hours_to_come_writes_each_clock_once(busy: Desk) -> None:
    found = touched(
        busy,
        "insert into sla.holidays (name, holiday_date, start_time, end_time)"
        " values ('Strike', '2026-02-02', '15:00', '16:00')",
    )
    assert busy.value("select count(distinct calendar_id) from sla.clocks") == 1
    assert busy.value("select count(*) from sla.clocks where due_at = %s", when("Tue 10:00")) == TICKETS
    assert found["clocks"].updated == 2 * TICKETS
    assert found["tickets"].updated == TICKETS
    assert sum(row.inserted for name, row in found.items() if name.startswith("audit_log_")) == TICKETS
    assert found["threshold_events"].read < 10 * TICKETS
    assert found["threshold_events"].updated == 0


def test_an_edit_of_hours_gone_by_moves_only_what_it_must(busy: Desk) -> None:
    """50 % of eight hours is undone; the answer's crossings lie before and stay."""
    found = touched(busy, "update sla.schedule_entries set end_time = '11:00', start_time = '08:00'")
    live = busy.rows(
        "select metric, count(*) as many from sla.threshold_events where withdrawn_at is null group by 1"
    )
    assert {row.metric: row.many for row in live} == {"response": 3 * TICKETS}
    assert found["threshold_events"].updated == TICKETS
    assert found["threshold_events"].read < 40 * TICKETS


def test_many_tickets_paused_by_one_statement_read_each_its_own_events(busy: Desk) -> None:
    """A join that the planner took to be small read all events of the tenant, for each ticket."""
    found = touched(busy, "update helpdesk.tickets set response_state = 'awaiting_client'")
    assert busy.value("select count(*) from sla.clocks where state = 'paused'") == 2 * TICKETS
    assert found["threshold_events"].read < 60 * TICKETS
