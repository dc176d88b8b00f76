"""What a recalculation would do, said beforehand and without doing it (semantics §4)."""

from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.engine.desk import Desk, when


def preview(desk: Desk, policy: str = "Gold") -> list[Any]:
    return desk.rows(
        "select * from sla.preview_recalculation(%s) order by ticket_number, metric",
        desk.named("sla.policies", policy),
    )


def everything(desk: Desk) -> list[Any]:
    return [
        desk.rows(f"select * from {table} order by 1, 2, 3, 4")
        for table in ("sla.clocks", "sla.threshold_events", "sla.audit_log", "helpdesk.tickets")
    ]


def set_normal(desk: Desk, response: int | None, resolution: int | None) -> None:
    desk.db.execute(
        "select sla.set_target(%s, %s, %s, %s, null)",
        [
            desk.named("sla.policies", "Gold"),
            desk.named("helpdesk.priorities", "Normal"),
            response,
            resolution,
        ],
    )


def test_it_lists_old_and_new_and_changes_nothing(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    set_normal(desk, 60, 240)
    desk.at("Mon 11:00")
    before = everything(desk)
    [row] = preview(desk)
    assert everything(desk) == before
    assert (row.ticket_id, row.metric, row.effect) == (ticket, "resolution", "changed")
    assert (row.old_due_at, row.new_due_at) == (when("Mon 17:00"), when("Mon 13:00"))
    assert (row.old_percent, row.new_percent) == (Decimal("25"), Decimal("50"))
    assert row.changed_terms == {"target_minutes": {"old": 480, "new": 240}}


def test_what_it_says_is_what_recalculation_does(desk: Desk) -> None:
    """Pauses, gained and lost promises, another calendar: each clock ends where the preview said."""
    desk.at("Mon 09:00")
    for fields in (
        {},
        {"priority": "Low"},
        {"priority": "Urgent"},
        {"status": "Waiting"},
        {"policy": "Gold"},
    ):
        desk.enter(**fields)
    paused = desk.enter()
    desk.at("Mon 10:00")
    desk.change(paused, response_state="awaiting_client")
    desk.at("Mon 12:00")
    desk.change(paused, response_state=None)
    set_normal(desk, None, 600)
    desk.db.execute(
        "select sla.set_target(%s, %s, 30, null)",
        [desk.named("sla.policies", "Gold"), desk.named("helpdesk.priorities", "Low")],
    )
    desk.db.execute(
        "select sla.update_policy(%s, jsonb_build_object('schedule_id', sla.create_schedule('Always',"
        " p_is_24x7 => true)))",
        [desk.named("sla.policies", "Gold")],
    )
    said = preview(desk)
    assert {row.effect for row in said} == {"changed", "cancelled", "started"}
    desk.db.execute("select sla.recalculate(%s)", [desk.named("sla.policies", "Gold")])
    for row in said:
        clock = desk.clock(row.ticket_id, row.metric)
        assert (clock.state == "cancelled") == (row.effect == "cancelled")
        if row.effect != "cancelled":
            assert clock.due_at == row.new_due_at
    assert preview(desk) == []


def test_another_policy_of_the_client_is_seen(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.db.execute(
        "update helpdesk.clients set sla_policy_id = %s where name = 'Acme'",
        [desk.named("sla.policies", "Silver")],
    )
    rows = preview(desk)
    assert [row.metric for row in rows] == ["resolution", "response"]
    assert rows[0].changed_terms["policy_id"] == {
        "old": str(desk.named("sla.policies", "Gold")),
        "new": str(desk.named("sla.policies", "Silver")),
    }


def test_nothing_changed_nothing_listed(desk: Desk) -> None:
    desk.enter()
    assert preview(desk) == []


def test_an_unknown_policy(desk: Desk) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        desk.db.execute("select * from sla.preview_recalculation(null)")
    assert refusal.value.sqlstate == "SL015"


def test_recalculation_keeps_the_old_terms_in_the_audit_log(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    set_normal(desk, 60, 240)
    desk.db.execute("select sla.recalculate(%s)", [desk.named("sla.policies", "Gold")])
    [entry] = desk.audit(ticket, "recalculated")
    assert entry["old_terms"]["resolution"]["target_minutes"] == 480
    assert entry["old_terms"]["resolution"]["policy_id"] == str(desk.named("sla.policies", "Gold"))
    assert entry["terms"]["resolution"]["target_minutes"] == 240
    assert "response" not in entry["old_terms"]


def test_an_edit_of_the_hours_keeps_the_old_calendar_in_the_audit_log(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    old = desk.resolution(ticket).calendar_id
    desk.db.execute("update sla.schedule_entries set end_time = '16:00'")
    [entry] = desk.audit(ticket, "recalculated")
    assert entry["old_calendar_id"] == old


def test_a_clock_that_the_new_hours_never_fulfil_is_cancelled(desk: Desk) -> None:
    """Open on Monday and for one hour some day: eight hours fit, sixteen do not (docs/decisions 29)."""
    desk.at("Mon 09:00")
    short, long = desk.enter(), desk.enter(priority="Low")
    with desk.db.transaction():
        desk.db.execute("update sla.schedule_entries set valid_to = %s", [when("Mon 12:00").date()])
        desk.db.execute(
            """
            insert into sla.schedule_entries
                (schedule_id, day_of_week, start_time, end_time, valid_from, valid_to)
            select s.schedule_id, extract(dow from d.day), '09:00', '10:00', d.day, d.day
            from sla.schedules s, (values (current_date + 400)) as d (day)
            """
        )
    assert (desk.resolution(short).state, desk.resolution(short).due_at) == ("running", when("Mon 17:00"))
    assert (desk.resolution(long).state, desk.resolution(long).cancel_reason) == ("cancelled", "error")
    assert desk.ticket(long).due_date is None
