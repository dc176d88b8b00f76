"""Channels of systems and rooms are told of an event once, whoever its recipients are."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.engine.desk import Desk

PEOPLE = ("Ann", "Bea", "Eva", "Leo")


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    """A desk with a webhook, a chat room and mail; every threshold names the webhook as well."""
    desk = Desk(db)
    db.execute("select sla.set_channel('hook', 'webhook', 'https://hooks.example.com/sla')")
    db.execute("select sla.set_channel('room', 'apprise', '${env:ROOM}')")
    db.execute("update sla.notification_thresholds set channels = channels || '{hook}'")
    desk.at("Mon 09:00")
    return desk


def said(desk: Desk, ticket: UUID, channel: str) -> list[tuple[str, int, tuple[str, ...]]]:
    """Template, percent and recipients of the rows of an impersonal channel about the response, in order."""
    rows = desk.rows(
        "select template, payload, user_id, state from sla.notifications "
        "where ticket_id = %s and channel = %s and payload ->> 'metric' = 'response' "
        "order by notification_id",
        ticket,
        channel,
    )
    assert all(row.user_id is None and row.state == "pending" for row in rows)
    return [
        (row.template, row.payload["percent"], tuple(each["name"] for each in row.payload["recipients"]))
        for row in rows
    ]


def test_one_row_an_event_with_its_recipients(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 09:30")
    desk.sweep("Mon 09:45")
    desk.sweep("Mon 10:00")
    assert said(desk, ticket, "hook") == [
        ("warning", 50, ("Ann",)),
        ("warning", 75, ("Ann", "Bea")),
        ("breach", 100, ("Ann", "Bea")),
    ]
    assert {name for name, channel, *_ in desk.told(ticket) if channel == "email"} == {"Ann", "Bea"}


def test_a_row_knows_its_event_and_how_to_reach_people(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 09:30")
    [row] = desk.rows(
        "select n.event_id, n.payload from sla.notifications n where ticket_id = %s and channel = 'hook'",
        ticket,
    )
    [event] = desk.events(ticket)
    assert row.event_id == row.payload["event_id"] == event.event_id
    assert row.payload["recipients"] == [{"name": "Ann", "email": "ann@example.com"}]


def test_personal_messages_list_nobody_else(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 10:00")
    rows = desk.rows(
        "select payload from sla.notifications where ticket_id = %s and user_id is not null", ticket
    )
    assert rows
    assert not any({"recipients", "event_id"} & row.payload.keys() for row in rows)


def test_also_when_nobody_is_concerned(desk: Desk) -> None:
    """Told by the webhook is told: nothing was skipped."""
    ticket = desk.enter(assignee=None)
    desk.sweep("Mon 09:30")
    assert said(desk, ticket, "hook") == [("warning", 50, ())]
    assert desk.audit(ticket, "notification_skipped") == []


def test_a_threshold_that_does_not_name_it_says_nothing_there(desk: Desk) -> None:
    desk.db.execute("update sla.notification_thresholds set channels = '{in_app}' where percent = 50")
    ticket = desk.enter(assignee=None)
    desk.sweep("Mon 09:30")
    assert said(desk, ticket, "hook") == []
    assert len(desk.audit(ticket, "notification_skipped")) == 1


def test_recorded_together_it_hears_of_the_highest(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 10:00")
    assert said(desk, ticket, "hook") == [("breach", 100, ("Ann", "Bea"))]


def test_an_escalation_beats_the_threshold_on_the_same_channel(desk: Desk) -> None:
    desk.db.execute("update sla.escalation_managers set notify_via = '{email,hook}' where level = 1")
    desk.db.execute("update sla.policy_targets set escalation_1_percent = 75 where escalation_1_percent = 70")
    ticket = desk.enter(priority="Urgent")
    desk.sweep("Mon 09:22:30")
    assert said(desk, ticket, "hook") == [("escalation", 75, ("Eva",))]
    assert ("Ann", "in_app", "warning", "response", 75) in desk.told(ticket)


def test_of_several_levels_the_highest(desk: Desk) -> None:
    desk.db.execute("update sla.escalation_managers set notify_via = '{email,hook,room}' where level = 1")
    desk.db.execute("update sla.escalation_managers set notify_via = '{email,hook}' where level = 2")
    ticket = desk.enter(priority="Urgent")
    desk.sweep("Mon 09:30")
    assert said(desk, ticket, "hook") == [("escalation", 90, ("Leo",))]
    assert said(desk, ticket, "room") == [("escalation", 70, ("Eva",))]
    mailed = {(name, template) for name, channel, template, *_ in desk.told(ticket) if channel == "email"}
    assert {("Eva", "escalation"), ("Leo", "escalation"), ("Ann", "breach")} <= mailed


def test_an_escalation_elsewhere_leaves_the_threshold_message(desk: Desk) -> None:
    """Its recipients are those who get that message; the manager brought in gets another."""
    ticket = desk.enter(priority="Urgent")
    desk.sweep("Mon 09:30")
    assert said(desk, ticket, "hook") == [("breach", 100, ("Ann", "Bea"))]


def test_a_level_reached_before_escalates_no_more(desk: Desk) -> None:
    desk.db.execute("update sla.escalation_managers set notify_via = '{hook}'")
    ticket = desk.enter(priority="Urgent")
    desk.sweep("Mon 09:27")
    desk.sweep("Mon 09:30")
    assert said(desk, ticket, "hook") == [
        ("escalation", 90, ("Leo",)),
        ("breach", 100, ("Ann", "Bea", "Eva", "Leo")),
    ]


def test_tickets_do_not_get_mixed_up(desk: Desk) -> None:
    tickets = {desk.enter(assignee=name): name for name in ("Ann", "Max", None, "Ann")}
    desk.sweep("Mon 09:30")
    for ticket, name in tickets.items():
        assert said(desk, ticket, "hook") == [("warning", 50, (name,) if name else ())]


def test_a_deleted_person_is_no_recipient(desk: Desk) -> None:
    ticket = desk.enter()
    desk.db.execute("update helpdesk.boards set manager_user_id = null")
    desk.db.execute("delete from helpdesk.users where name = 'Bea'")
    desk.sweep("Mon 09:45")
    assert said(desk, ticket, "hook") == [("warning", 75, ("Ann",))]


def test_what_was_withdrawn_is_not_sent(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    desk.change(ticket, priority="Anytime", sla_policy_id=desk.named("sla.policies", "Silver"))
    states = {
        row.state
        for row in desk.rows(
            "select state from sla.notifications where ticket_id = %s and channel = 'hook'", ticket
        )
    }
    assert states == {"pending"}  # the clock ended, its crossings stand
    other = desk.enter()
    desk.sweep("Mon 10:30")
    desk.change(other, policy="Silver")
    assert {
        row.state
        for row in desk.rows(
            "select n.state from sla.notifications n join sla.threshold_events e using (event_id) "
            "where n.ticket_id = %s and channel = 'hook' and e.withdrawn_at is not null",
            other,
        )
    } == {"dropped"}


def test_another_tenants_webhook_is_none_of_ours(desk: Desk) -> None:
    """A name without a row of this tenant is personal, as it always was."""
    desk.db.execute("update sla.channels set channel = 'theirs' where channel = 'hook'")
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    assert {(name, channel) for name, channel, *_ in desk.told(ticket) if channel == "hook"} == {
        ("Ann", "hook"),
        ("Bea", "hook"),
    }
