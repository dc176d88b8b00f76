"""Bad input gets one clear line and loses nothing."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.engine.desk import Desk, when

NO_HOURS = """
    insert into sla.schedules (name, timezone) values ('Never', 'UTC');
    update sla.policies set schedule_id = (select schedule_id from sla.schedules where name = 'Never')
"""


def refusal(desk: Desk, query: str, *values: Any) -> psycopg.Error:
    """The error of a statement; it has one line, and a hint."""
    with pytest.raises(psycopg.Error) as caught:
        desk.db.execute(query.encode(), values)
    error = caught.value
    assert "\n" not in (error.diag.message_primary or "\n")
    assert error.diag.message_hint
    return error


@pytest.mark.parametrize(
    ("statement", "sqlstate", "words"),
    [
        (
            "insert into sla.schedules (name, timezone) values ('Moon', 'Moon/Tranquility')",
            "SL003",
            'schedule "Moon" has an unknown time zone: "Moon/Tranquility"',
        ),
        (
            "update sla.schedule_entries set end_time = start_time",
            "SL004",
            "09:00-09:00 has equal ends",
        ),
        (
            "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time) "
            "select schedule_id, 1, '16:00', '20:00' from sla.schedules",
            "SL005",
            'entries of schedule "Office" overlap',
        ),
        (
            "update sla.policy_targets set response_minutes = 0 where response_minutes = 60 and not is_24x7",
            "SL017",
            'policy "Gold", priority "Normal": a target of 0 minutes cannot be kept',
        ),
        (
            "update sla.policy_targets set resolution_minutes = -5 where resolution_minutes = 240",
            "SL017",
            'policy "Gold", priority "Urgent": a target of -5 minutes cannot be kept',
        ),
        (
            "update sla.policy_targets set escalation_1_percent = 95 where resolution_minutes = 240",
            "SL017",
            '"Urgent": escalation at 95, 90, 110 % is no rising order within 1 to 1000',
        ),
        (
            "update sla.policy_targets set escalation_2_percent = null, escalation_3_percent = 70 "
            "where resolution_minutes = 240",
            "SL017",
            "escalation at 70, 70 %",
        ),
        (
            "update sla.policy_targets set escalation_3_percent = 1001 where resolution_minutes = 240",
            "SL017",
            "escalation at 70, 90, 1001 %",
        ),
        (
            "update sla.notification_thresholds set percent = 0 where percent = 50",
            "SL018",
            'policy "Gold": a threshold at 0 % of the target is out of range',
        ),
        (
            "insert into sla.notification_thresholds (policy_id, percent) "
            "select policy_id, 1001 from sla.policies where is_default",
            "SL018",
            'policy "Gold": a threshold at 1001 % of the target is out of range',
        ),
        (
            "update sla.notification_thresholds set channels = '{in_app,null}' where percent = 50",
            "SL018",
            'policy "Gold": the threshold at 50 % names no channel, or an empty one',
        ),
        (
            "update sla.escalation_managers set notify_via = '{}' where level = 2",
            "SL022",
            'board "Desk": the manager of escalation level 2 is told by no channel, or by an empty one',
        ),
        (
            "update sla.escalation_managers set level = 4 where level = 3",
            "SL022",
            'board "Desk": there is no escalation level 4',
        ),
    ],
)
def test_configuration_that_nobody_can_mean(desk: Desk, statement: str, sqlstate: str, words: str) -> None:
    error = refusal(desk, statement)
    assert error.sqlstate == sqlstate
    assert words in (error.diag.message_primary or "")


@pytest.mark.parametrize(
    "entered_at",
    ["infinity", "-infinity", "1970-01-01 00:00+00", "1989-12-31 23:59+00", "2026-02-05 00:00+01"],
)
def test_an_entry_that_no_application_means(desk: Desk, entered_at: str) -> None:
    """It is Monday, 2 February 2026."""
    error = refusal(
        desk,
        "insert into helpdesk.tickets (ticket_number, entered_at) values ('T7', %s::timestamptz)",
        entered_at,
    )
    assert error.sqlstate == "SL020"
    assert "ticket T7" in (error.diag.message_primary or "")
    assert desk.value("select count(*) from helpdesk.tickets") == 0


def test_an_entry_within_a_day_ahead_starts_then(desk: Desk) -> None:
    desk.at("Mon 10:00")
    ticket = desk.enter(entered_at="Tue 09:30")
    assert (desk.response(ticket).started_at, desk.response(ticket).due_at) == (
        when("Tue 09:30"),
        when("Tue 10:30"),
    )


def test_closing_before_the_entry_is_clamped_and_audited(desk: Desk) -> None:
    desk.at("Mon 10:00")
    born = desk.enter(status="Closed", closed_at="Mon 08:00")
    later = desk.enter()
    desk.at("Mon 11:00")
    desk.change(later, status="Closed", closed_at="Mon 08:00")
    for ticket in (born, later):
        assert (desk.resolution(ticket).completed_at, desk.resolution(ticket).met) == (
            when("Mon 10:00"),
            True,
        )
    assert desk.audit(later, "ticket_changed")[-1]["clamped"] is True
    assert desk.audit(born, "sla_started")[-1]["clamped"] is True


@pytest.mark.parametrize(
    "call",
    [
        "select sla.start_tracking(%s)",
        "select sla.pause(%s)",
        "select sla.resume(%s)",
        "select sla.complete(%s, 'response')",
        "select sla.cancel(%s)",
        "select * from sla.status(%s)",
        "select sla.resolve_policy(%s)",
    ],
)
def test_an_unknown_ticket(desk: Desk, call: str) -> None:
    unknown = uuid4()
    error = refusal(desk, call, unknown)
    assert error.sqlstate == "SL010"
    assert str(unknown) in (error.diag.message_primary or "")
    assert refusal(desk, call, None).sqlstate == "SL010"


def test_an_unknown_metric(desk: Desk) -> None:
    error = refusal(desk, "select sla.complete(%s, 'happiness')", desk.enter())
    assert (error.sqlstate, error.diag.message_primary) == ("SL011", 'metric "happiness" is unknown')


def test_an_unknown_reason(desk: Desk) -> None:
    assert refusal(desk, "select sla.pause(%s, 'lunch')", desk.enter()).sqlstate == "SL014"


def test_an_unknown_policy(desk: Desk) -> None:
    assert refusal(desk, "select sla.recalculate(%s)", uuid4()).sqlstate == "SL015"


def test_a_time_that_is_none(desk: Desk) -> None:
    desk.db.execute("set slapg.now = 'half past nine'")
    assert refusal(desk, "select sla.now()").sqlstate == "SL031"
    desk.at("Mon 08:00")


def health(desk: Desk, check_name: str) -> Any:
    [found] = desk.rows("select state, detail, hint from sla.health where check_name = %s", check_name)
    return found


def test_a_ticket_under_a_schedule_without_any_opening_is_stored(desk: Desk) -> None:
    """A schedule may have no hours yet; what is promised in them cannot be counted, and says so."""
    desk.db.execute(NO_HOURS)
    ticket = desk.enter()
    assert (desk.clocks(ticket), desk.ticket(ticket).due_date) == ([], None)
    [entry] = desk.audit(ticket, "sla_not_started")
    assert "no business time" in entry["reason"]
    assert health(desk, "untracked_tickets").state == "fail"
    assert "no business time" in health(desk, "untracked_tickets").detail
    assert "Never" in health(desk, "calendars").detail


def test_it_is_tracked_from_its_entry_once_the_schedule_is_mended(desk: Desk) -> None:
    desk.db.execute(NO_HOURS)
    ticket = desk.enter()
    desk.db.execute("update sla.policies set schedule_id = null")
    desk.at("Mon 12:00")
    desk.db.execute("select sla.start_tracking(%s)", [ticket])
    assert desk.resolution(ticket).due_at == when("Mon 17:00")
    assert desk.ticket(ticket).due_date == when("Mon 17:00")


def test_one_that_cannot_be_tracked_does_not_hurt_its_neighbours(desk: Desk) -> None:
    desk.db.execute(NO_HOURS + " where name = 'Silver'")
    desk.db.execute(
        "insert into helpdesk.tickets (ticket_number, priority_id, sla_policy_id, entered_at) "
        "select p.name, r.priority_id, p.policy_id, sla.now() from sla.policies p, helpdesk.priorities r "
        "where r.name = 'Normal'"
    )
    tracked = desk.rows(
        "select distinct t.ticket_number from sla.clocks join helpdesk.tickets t using (ticket_id)"
    )
    assert [row.ticket_number for row in tracked] == ["Gold"]


def test_a_missing_target_is_stored_and_shown(desk: Desk) -> None:
    desk.enter(priority="Stray")
    found = health(desk, "untracked_tickets")
    assert (found.state, found.detail) == ("warn", "open tickets without clocks: 1 (no_target)")


def test_new_terms_that_cannot_be_counted_end_the_clock_not_the_write(desk: Desk) -> None:
    desk.db.execute(NO_HOURS + " where name = 'Silver'")
    ticket = desk.enter()
    desk.change(ticket, policy="Silver", status="Working")
    assert {(c.state, c.cancel_reason) for c in desk.clocks(ticket)} == {("cancelled", "error")}
    assert desk.ticket(ticket).status_id == desk.named("helpdesk.statuses", "Working")
    assert health(desk, "lost_clocks").state == "fail"


BROKEN = """
    alter table sla.{} add constraint broken check (false) not valid
"""


def test_a_failing_insert_of_slapg_does_not_fail_the_ticket(desk: Desk) -> None:
    desk.db.execute(BROKEN.format("clocks").encode())
    ticket = desk.enter(title="kept")
    assert (desk.ticket(ticket).title, desk.clocks(ticket)) == ("kept", [])
    [entry] = desk.audit(ticket, "sla_not_started")
    assert "broken" in entry["reason"]
    assert "broken" in health(desk, "untracked_tickets").detail


def test_a_failing_transition_of_slapg_does_not_fail_the_change(desk: Desk) -> None:
    ticket = desk.enter()
    desk.db.execute(BROKEN.format("pauses").encode())
    desk.change(ticket, status="Waiting")
    comment = desk.reply(ticket)
    assert desk.ticket(ticket).status_id == desk.named("helpdesk.statuses", "Waiting")
    assert desk.audit(ticket, "ticket_changed")[0]["sqlstate"] == "23514"
    assert comment is not None
