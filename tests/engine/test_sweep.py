"""How the sweep works through what is due (semantics §3; architecture, SQL interface)."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.engine.desk import Desk, when

BREAK = """
    create function public.refuse() returns trigger language plpgsql as
    $$ begin raise exception 'the disk of this row is bad'; end $$;
    create trigger bad_row before insert on sla.threshold_events for each row
    when (new.ticket_id = '{}') execute function public.refuse()
"""


def entered(desk: Desk, count: int) -> list[UUID]:
    desk.at("Mon 09:00")
    return [desk.enter() for _ in range(count)]


def break_for(desk: Desk, ticket: UUID) -> None:
    """No crossing of that ticket can be written any more."""
    desk.db.execute(BREAK.format(ticket).encode())
    desk.is_sound = False


def settled(desk: Desk, ticket: UUID) -> bool:
    return desk.crossed(ticket, "response") == [(50, when("Mon 09:30"))]


def test_each_batch_commits(desk: Desk) -> None:
    entered(desk, 5)
    desk.at("Mon 09:30")
    desk.db.execute("call sla.sweep(2)")
    batches = desk.rows("select xmin, count(*) from sla.threshold_events group by 1 order by 2")
    assert [batch.count for batch in batches] == [1, 2, 2]


def test_it_cannot_run_inside_a_transaction(desk: Desk) -> None:
    with pytest.raises(psycopg.errors.InvalidTransactionTermination), desk.db.transaction():
        desk.db.execute("call sla.sweep()")


@pytest.mark.parametrize("size", [0, -1, None])
def test_a_batch_needs_a_size(desk: Desk, size: int | None) -> None:
    with pytest.raises(psycopg.Error, match="cannot take") as caught:
        desk.db.execute("call sla.sweep(%s)", [size])
    assert caught.value.sqlstate == "SL016"


def test_one_at_a_time(desk: Desk, connect: Any) -> None:
    """The other is in the middle of a batch: this one leaves the work to it."""
    [ticket] = entered(desk, 1)
    desk.at("Mon 09:30")
    other = connect(autocommit=False)
    other.execute("select * from sla._settle_batch(10)")
    desk.sweep()
    assert not settled(desk, ticket)
    other.rollback()
    desk.sweep()
    assert settled(desk, ticket)


def test_a_held_ticket_waits_for_the_next_sweep(desk: Desk, connect: Any) -> None:
    held, free = entered(desk, 2)
    other = connect(autocommit=False)
    other.execute("select 1 from helpdesk.tickets where ticket_id = %s for update", [held])
    desk.sweep("Mon 09:30")
    assert (settled(desk, held), settled(desk, free)) == (False, True)
    other.rollback()
    desk.sweep()
    assert settled(desk, held)


def test_a_bad_ticket_blocks_nobody(desk: Desk) -> None:
    tickets = entered(desk, 4)
    break_for(desk, tickets[1])
    desk.sweep("Mon 09:30")
    assert [settled(desk, ticket) for ticket in tickets] == [True, False, True, True]
    [error] = desk.rows("select * from sla.sweep_errors")
    assert (error.ticket_id, error.failures, error.message) == (tickets[1], 1, "the disk of this row is bad")
    assert error.retry_at == when("Mon 09:31")
    [health] = desk.rows("select state, detail from sla.health where check_name = 'sweep_errors'")
    assert health.state == "fail"
    assert "the disk of this row is bad" in health.detail


def test_it_is_tried_again_less_and_less_often(desk: Desk) -> None:
    [ticket] = entered(desk, 1)
    break_for(desk, ticket)
    for moment in ("Mon 09:30", "Mon 09:30:30", "Mon 09:31", "Mon 09:32", "Mon 09:33"):
        desk.sweep(moment)
    [error] = desk.rows("select * from sla.sweep_errors")
    assert (error.failures, error.first_failed_at, error.last_failed_at, error.retry_at) == (
        3,
        when("Mon 09:30"),
        when("Mon 09:33"),
        when("Mon 09:37"),
    )


def test_once_it_is_mended_nothing_is_lost(desk: Desk) -> None:
    [ticket] = entered(desk, 1)
    break_for(desk, ticket)
    desk.sweep("Mon 09:30")
    desk.db.execute("drop trigger bad_row on sla.threshold_events")
    desk.sweep("Mon 09:30:59")
    assert not settled(desk, ticket)
    desk.sweep("Mon 09:31")
    desk.is_sound = True
    assert settled(desk, ticket)
    assert desk.rows("select * from sla.sweep_errors") == []


def test_it_leaves_a_tenant_alone_whose_configuration_is_being_changed(desk: Desk, connect: Any) -> None:
    [ticket] = entered(desk, 1)
    other = connect(autocommit=False)
    other.execute("update sla.policy_targets set resolution_minutes = 600")
    desk.sweep("Mon 09:30")
    assert not settled(desk, ticket)
    other.rollback()
    desk.sweep()
    assert settled(desk, ticket)


def test_it_writes_down_what_it_did(desk: Desk) -> None:
    entered(desk, 3)
    desk.sweep("Mon 10:00")
    runs = desk.rows("select settled, recorded, failed from sla.sweep_runs")
    assert [(run.settled, run.recorded, run.failed) for run in runs] == [(3, 9, 0)]


def test_sweeps_that_find_nothing_leave_one_line_a_minute(desk: Desk) -> None:
    for _ in range(3):
        desk.sweep()
    assert desk.value("select count(*) from sla.sweep_runs") == 1
