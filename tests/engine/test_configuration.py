"""What edits of the configuration do to the clocks under way (semantics §1, Calendars; §2, Flipping; §4)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import IsolationLevel

from tests.engine.desk import Desk, when

HOUR = timedelta(hours=1)
LATE = "(select schedule_id from sla.schedules where name = 'Late')"
SILVER = "(select policy_id from sla.policies where name = 'Silver')"
CLOSE_AT_16 = "update sla.schedule_entries set end_time = '16:00'"
LONGER = (
    "update sla.policy_targets set resolution_minutes = 600 where resolution_minutes = 480 and not is_24x7"
)


def entered(desk: Desk, **fields: Any) -> UUID:
    desk.at("Mon 09:00")
    return desk.enter(**fields)


def test_an_edit_of_the_hours_moves_open_clocks(desk: Desk) -> None:
    ticket = entered(desk)
    old = desk.resolution(ticket).calendar_id
    desk.at("Mon 10:00")
    desk.db.execute(CLOSE_AT_16)
    resolution = desk.resolution(ticket)
    assert resolution.due_at == when("Tue 10:00")
    assert resolution.calendar_id > old
    [entry] = desk.audit(ticket, "recalculated")
    assert (entry["calendar_id"], entry["at"]) == (resolution.calendar_id, when("Mon 10:00"))


def test_an_edit_settles_under_the_old_hours_first(desk: Desk) -> None:
    """What was crossed before the edit was crossed; what the new hours put later is withdrawn."""
    ticket = entered(desk)
    desk.at("Mon 09:50")
    desk.db.execute("update sla.schedule_entries set start_time = '09:10'")
    crossed = desk.crossed(ticket, "response")
    assert crossed == [(50, when("Mon 09:30"))]
    withdrawn = [event.percent for event in desk.events(ticket) if event.withdrawn_at is not None]
    assert withdrawn == [75]


def test_a_holiday_given_to_all_schedules(desk: Desk) -> None:
    ticket = entered(desk)
    desk.db.execute(
        "insert into sla.holidays (name, holiday_date) values ('Strike', %s)", [when("Mon 12:00").date()]
    )
    assert desk.resolution(ticket).due_at == when("Tue 17:00")
    desk.db.execute("delete from sla.holidays")
    assert desk.resolution(ticket).due_at == when("Mon 17:00")


def test_another_time_zone(desk: Desk) -> None:
    ticket = entered(desk)
    desk.db.execute("update sla.schedules set timezone = 'Europe/London'")
    assert desk.resolution(ticket).due_at == when("Mon 18:00")


def test_around_the_clock(desk: Desk) -> None:
    desk.at("Fri 16:00")
    ticket = desk.enter()
    desk.db.execute("update sla.schedules set is_24x7 = true")
    assert desk.resolution(ticket).due_at == when("Sat 00:00")


def test_many_edits_of_one_transaction_make_one_calendar_at_commit(desk: Desk) -> None:
    ticket = entered(desk)
    before = desk.value("select count(*) from sla.calendars")
    with desk.db.transaction():
        desk.db.execute("update sla.schedule_entries set end_time = '15:00'")
        desk.db.execute("update sla.schedule_entries set end_time = '15:30'")
        desk.db.execute(CLOSE_AT_16)
        assert desk.resolution(ticket).due_at == when("Mon 17:00")
    assert desk.resolution(ticket).due_at == when("Tue 10:00")
    assert desk.value("select count(*) from sla.calendars") == before + 1
    assert len(desk.audit(ticket, "recalculated")) == 1


def test_a_ticket_of_the_same_transaction_counts_in_the_new_hours(desk: Desk) -> None:
    desk.at("Mon 09:00")
    with desk.db.transaction():
        desk.db.execute(CLOSE_AT_16)
        ticket = desk.enter()
        assert desk.resolution(ticket).due_at == when("Tue 10:00")
        assert desk.ticket(ticket).due_date == when("Tue 10:00")
        desk.db.execute("update sla.schedule_entries set end_time = '15:00'")
    assert desk.resolution(ticket).due_at == when("Tue 11:00")


def test_an_edit_that_changes_nothing_makes_no_calendar(desk: Desk) -> None:
    ticket = entered(desk)
    before = desk.clocks(ticket)
    desk.db.execute("update sla.schedule_entries set end_time = end_time")
    assert desk.clocks(ticket) == before


def test_a_rolled_back_edit_leaves_no_trace(desk: Desk) -> None:
    ticket = entered(desk)
    before = desk.clocks(ticket)
    with desk.db.transaction(force_rollback=True):
        desk.db.execute(CLOSE_AT_16)
        desk.change(ticket, status="Waiting")
    assert desk.clocks(ticket) == before
    assert desk.resolution(desk.enter()).due_at == when("Mon 17:00")


def test_completed_clocks_keep_their_calendar(desk: Desk) -> None:
    ticket = entered(desk)
    desk.change(ticket, status="Closed")
    before = desk.clocks(ticket)
    desk.db.execute(CLOSE_AT_16)
    assert desk.clocks(ticket) == before


def test_clocks_around_the_clock_are_left_alone(desk: Desk) -> None:
    ticket = entered(desk, priority="Anytime")
    before = desk.clocks(ticket)
    desk.db.execute(CLOSE_AT_16)
    assert desk.clocks(ticket) == before


def test_a_schedule_may_not_lose_all_its_hours_under_open_clocks(desk: Desk) -> None:
    ticket = entered(desk)
    with pytest.raises(psycopg.Error, match='schedule "Office" cannot be changed so') as caught:
        desk.db.execute("delete from sla.schedule_entries")
    assert (caught.value.sqlstate, bool(caught.value.diag.message_hint)) == ("SL007", True)
    assert desk.resolution(ticket).due_at == when("Mon 17:00")


def test_a_schedule_may_change_all_its_hours_in_one_transaction(desk: Desk) -> None:
    ticket = entered(desk)
    with desk.db.transaction():
        desk.db.execute("delete from sla.schedule_entries")
        desk.db.execute(
            "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time) "
            "values (%s, 2, '09:00', '17:00')",
            [desk.named("sla.schedules", "Office")],
        )
    assert desk.resolution(ticket).due_at == when("Tue 17:00")


@pytest.mark.parametrize(
    ("edit", "later_due"),
    [
        (LONGER, "Tue 11:00"),
        (
            f"update sla.policies set schedule_id = {LATE}",
            "Mon 19:00",
        ),
        (
            "update sla.schedules set is_default = false where name = 'Office';"
            "update sla.schedules set is_default = true where name = 'Late'",
            "Mon 19:00",
        ),
        (
            f"update helpdesk.clients set sla_policy_id = {SILVER}",
            "Tue 17:00",
        ),
        (
            f"update helpdesk.boards set sla_policy_id = {SILVER}",
            "Tue 17:00",
        ),
        (
            "update sla.policies set is_default = false;"
            "update sla.policies set is_default = true where name = 'Silver'",
            "Tue 17:00",
        ),
    ],
    ids=["target", "schedule of the policy", "default schedule", "client", "board", "default policy"],
)
def test_open_clocks_keep_their_terms_until_recalculated(desk: Desk, edit: str, later_due: str) -> None:
    desk.db.execute("insert into sla.schedules (name, timezone) values ('Late', 'Europe/Amsterdam')")
    desk.db.execute(
        "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time) "
        "select %s, d, '11:00', '19:00' from generate_series(1, 5) d",
        [desk.named("sla.schedules", "Late")],
    )
    ticket = entered(desk)
    desk.db.execute(edit.encode())
    assert desk.resolution(ticket).due_at == when("Mon 17:00")
    assert desk.resolution(desk.enter()).due_at == when(later_due)
    desk.db.execute("select sla.recalculate(%s)", [desk.named("sla.policies", "Gold")])
    assert desk.resolution(ticket).due_at == when(later_due)
    assert len(desk.audit(ticket, "recalculated")) == 1


def test_new_thresholds_at_recalculation_are_settled(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 12:00")
    desk.db.execute(
        "insert into sla.notification_thresholds (policy_id, percent) values (%s, 25)",
        [desk.named("sla.policies", "Gold")],
    )
    assert desk.value("select sla.recalculate(%s)", desk.named("sla.policies", "Gold")) == 1
    assert desk.crossed(ticket, "resolution") == [(25, when("Mon 11:00"))]


def test_recalculating_what_has_not_changed_does_nothing(desk: Desk) -> None:
    ticket = entered(desk)
    before = desk.clocks(ticket)
    desk.at("Mon 09:10")
    desk.db.execute("select sla.recalculate(%s)", [desk.named("sla.policies", "Gold")])
    assert desk.clocks(ticket) == before


def set_pausing(desk: Desk, status: str, pauses: bool) -> None:
    desk.db.execute(
        "insert into sla.status_pause_config (status_id, pauses_sla) values (%s, %s) "
        "on conflict (tenant_id, status_id) do update set pauses_sla = excluded.pauses_sla",
        [desk.named("helpdesk.statuses", status), pauses],
    )


def test_a_status_that_begins_to_pause_pauses_its_open_tickets_now(desk: Desk) -> None:
    ticket, elsewhere = entered(desk), desk.enter(status="Working")
    desk.at("Mon 09:20")
    set_pausing(desk, "New", True)
    assert desk.pauses(ticket) == [("status", when("Mon 09:20"), None)]
    assert {c.state for c in desk.clocks(ticket)} == {"paused"}
    assert {c.state for c in desk.clocks(elsewhere)} == {"running"}


@pytest.mark.parametrize("how", ["flag", "delete"])
def test_a_status_that_ceases_to_pause_resumes_them_now(desk: Desk, how: str) -> None:
    ticket = entered(desk, status="Waiting")
    desk.at("Mon 09:20")
    if how == "flag":
        set_pausing(desk, "Waiting", False)
    else:
        desk.db.execute("delete from sla.status_pause_config")
    assert desk.pauses(ticket) == [("status", when("Mon 09:00"), when("Mon 09:20"))]
    assert desk.response(ticket).due_at == when("Mon 10:20")


def test_pausing_for_the_client_switched_off_and_on(desk: Desk) -> None:
    ticket = entered(desk, response_state="awaiting_client")
    desk.at("Mon 09:20")
    desk.set(pause_on_awaiting_client=False)
    assert {c.state for c in desk.clocks(ticket)} == {"running"}
    desk.at("Mon 09:30")
    desk.set(pause_on_awaiting_client=True)
    assert desk.pauses(ticket) == [
        ("awaiting_client", when("Mon 09:00"), when("Mon 09:20")),
        ("awaiting_client", when("Mon 09:30"), None),
    ]


def test_a_status_that_becomes_a_closed_one_closes_its_tickets_now(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:20")
    desk.db.execute("update helpdesk.statuses set is_closed = true where name = 'New'")
    assert {(c.state, c.completed_at, c.met) for c in desk.clocks(ticket)} == {
        ("completed", when("Mon 09:20"), True)
    }


def test_a_status_that_ceases_to_be_closed_reopens_nothing_by_itself(desk: Desk) -> None:
    ticket = entered(desk)
    desk.change(ticket, status="Closed")
    desk.db.execute("update helpdesk.statuses set is_closed = false where name = 'Closed'")
    assert desk.resolution(ticket).state == "completed"
    desk.at("Mon 10:00")
    desk.change(ticket, status="Working")
    assert (desk.resolution(ticket).state, desk.resolution(ticket).due_at) == ("running", when("Tue 10:00"))


def test_a_closed_ticket_does_not_feel_the_flips(desk: Desk) -> None:
    ticket = entered(desk, response_state="awaiting_client")
    desk.change(ticket, status="Closed")
    before = desk.clocks(ticket)
    desk.at("Mon 12:00")
    desk.set(pause_on_awaiting_client=False)
    set_pausing(desk, "Closed", True)
    assert desk.clocks(ticket) == before


def test_under_a_snapshot_older_than_a_configuration_change_a_write_must_be_retried(
    desk: Desk, connect: Any
) -> None:
    """Else a clock counted by the old rules would be committed after the new ones."""
    ticket = entered(desk)
    other = connect()
    other.isolation_level = IsolationLevel.REPEATABLE_READ
    with other.transaction(force_rollback=True):
        other.execute("select 1 from helpdesk.tickets")
        desk.db.execute(LONGER)
        with pytest.raises(psycopg.errors.SerializationFailure):
            other.execute("update helpdesk.tickets set status_id = null where ticket_id = %s", [ticket])
    with other.transaction():
        other.execute("update helpdesk.tickets set title = 'again' where ticket_id = %s", [ticket])
    assert desk.ticket(ticket).title == "again"
