"""Who is told what (semantics §3, Notifications)."""

import threading
import time
from typing import Any
from uuid import UUID

from tests.engine.desk import Desk


def entered(desk: Desk, **fields: str | None) -> UUID:
    desk.at("Mon 09:00")
    return desk.enter(**fields)


def told(desk: Desk, ticket: UUID, percent: int) -> set[tuple[str, str]]:
    """Who was told of that percent of the response, by which channel."""
    return {
        (name, channel)
        for name, channel, _, metric, told_of in desk.told(ticket)
        if (metric, told_of) == ("response", percent)
    }


def test_the_threshold_says_who(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 09:30")
    assert told(desk, ticket, 50) == {("Ann", "in_app")}
    desk.sweep("Mon 09:45")
    assert told(desk, ticket, 75) == {("Ann", "in_app"), ("Bea", "in_app")}
    desk.sweep("Mon 10:00")
    assert told(desk, ticket, 100) == {
        (name, channel) for name in ("Ann", "Bea") for channel in ("in_app", "email")
    }


def test_the_escalation_managers_of_the_levels_reached(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    for moment in ("Mon 09:21", "Mon 09:27", "Mon 09:30"):
        desk.sweep(moment)
    assert {name for name, _ in told(desk, ticket, 100)} == {"Ann", "Bea", "Eva", "Leo"}


def test_in_app_is_complete_and_mail_waits(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 10:00")
    rows = desk.rows("select * from sla.notifications where ticket_id = %s", ticket)
    assert {(r.channel, r.state, r.sent_at is None, r.next_attempt_at is None) for r in rows} == {
        ("in_app", "sent", False, True),
        ("email", "pending", True, False),
    }


def test_100_without_a_threshold_of_its_own_uses_the_nearest_lower(desk: Desk) -> None:
    desk.db.execute("delete from sla.notification_thresholds where percent = 100")
    ticket = entered(desk)
    desk.sweep("Mon 09:50")
    desk.sweep("Mon 10:00")
    assert told(desk, ticket, 100) == {("Ann", "in_app"), ("Bea", "in_app")}


def test_an_escalation_percent_without_a_threshold_tells_only_its_managers(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    desk.sweep("Mon 09:20")
    before = desk.told(ticket)
    desk.sweep("Mon 09:21")
    new = [row for row in desk.told(ticket) if row not in before]
    assert {(name, template) for name, _, template, *_ in new} == {("Eva", "escalation")}


def test_recorded_together_each_is_told_once_about_the_highest(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 09:50")
    assert told(desk, ticket, 50) == set()
    assert told(desk, ticket, 75) == {("Ann", "in_app"), ("Bea", "in_app")}
    assert [(event.percent, event.superseded) for event in desk.events(ticket)] == [(50, True), (75, False)]


def test_recorded_together_the_recipients_are_the_union(desk: Desk) -> None:
    """Only the board's manager is told of 75 %, only the assignee of 50 %: together both."""
    desk.db.execute("update sla.notification_thresholds set notify_assignee = false where percent = 75")
    ticket = entered(desk)
    desk.sweep("Mon 09:50")
    assert told(desk, ticket, 75) == {("Ann", "in_app"), ("Bea", "in_app")}


def test_a_manager_newly_brought_in_gets_the_escalation_instead(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    desk.sweep("Mon 09:30")
    templates = {
        (name, template) for name, _, template, metric, _ in desk.told(ticket) if metric == "response"
    }
    assert templates == {("Ann", "breach"), ("Bea", "breach"), ("Eva", "escalation"), ("Leo", "escalation")}


def test_somebody_with_two_hats_is_told_once(desk: Desk) -> None:
    ticket = entered(desk, assignee="Bea")
    desk.sweep("Mon 10:00")
    rows = [row for row in desk.told(ticket) if row[3] == "response"]
    assert [(name, channel) for name, channel, *_ in rows] == [("Bea", "email"), ("Bea", "in_app")]


def test_nobody_to_tell_is_audited(desk: Desk) -> None:
    ticket = entered(desk, assignee=None)
    desk.sweep("Mon 09:30")
    assert desk.told(ticket) == []
    [entry] = desk.audit(ticket, "notification_skipped")
    assert (entry["metric"], entry["percent"]) == ("response", 50)


def test_the_assignee_is_told_of_a_promise_kept(desk: Desk) -> None:
    ticket = entered(desk)
    desk.reply(ticket)
    assert desk.told(ticket) == [("Ann", "in_app", "response_met", "response", None)]
    desk.change(ticket, status="Closed")
    assert ("Ann", "in_app", "resolution_met", "resolution", None) in desk.told(ticket)


def test_the_assignee_is_told_of_a_promise_broken(desk: Desk) -> None:
    """No sweep came between: the verdict is the first that he hears of it."""
    ticket = entered(desk)
    desk.at("Mon 10:30")
    desk.reply(ticket)
    assert desk.told(ticket) == [("Ann", "in_app", "breach", "response", 100)]


def test_but_not_twice(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 10:00")
    before = desk.told(ticket)
    desk.at("Mon 10:30")
    desk.reply(ticket)
    assert desk.told(ticket) == before


def test_crossings_settled_by_the_completion_tell_nobody(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:50")
    desk.reply(ticket)
    assert {template for _, _, template, metric, _ in desk.told(ticket) if metric == "response"} == {
        "response_met"
    }


def test_the_message_says_what_a_reader_needs(desk: Desk) -> None:
    ticket = entered(desk, title="Printer on fire")
    desk.sweep("Mon 09:30")
    [payload] = [
        row.payload for row in desk.rows("select payload from sla.notifications where ticket_id = %s", ticket)
    ]
    expected = {
        "title": "Printer on fire",
        "metric": "response",
        "percent": 50,
        "kind": "warning",
        "target_minutes": 60,
        "policy": "Gold",
        "priority": "Normal",
        "client": "Acme",
        "board": "Desk",
        "assigned_to": "Ann",
    }
    assert expected.items() <= payload.items()


def test_one_hint_for_a_whole_sweep(desk: Desk) -> None:
    for _ in range(3):
        entered(desk)
    desk.db.execute("listen slapg")
    desk.sweep("Mon 10:00")
    hints = list(desk.db.notifies(timeout=0.2))
    assert [(hint.channel, hint.payload) for hint in hints] == [("slapg", "")]


def test_no_hint_for_what_no_notifier_sends(desk: Desk) -> None:
    entered(desk)
    desk.db.execute("listen slapg")
    desk.sweep("Mon 09:30")
    assert list(desk.db.notifies(timeout=0.2)) == []


def test_one_sweep_tells_each_tickets_own_people(desk: Desk) -> None:
    """Clocks alike share their recipients, and others do not get mixed up with them."""
    assignees = ("Ann", "Max", "Ann", None, "Max")
    tickets = [entered(desk, assignee=name) for name in assignees]
    desk.sweep("Mon 09:30")
    for ticket, name in zip(tickets, assignees, strict=True):
        assert told(desk, ticket, 50) == ({(name, "in_app")} if name else set())
        messages = desk.rows(
            "select t.ticket_number = n.payload ->> 'ticket_number' as own, e.ticket_id "
            "from sla.notifications n join helpdesk.tickets t using (tenant_id, ticket_id) "
            "join sla.threshold_events e using (event_id) where n.ticket_id = %s",
            ticket,
        )
        assert all(row.own and row.ticket_id == ticket for row in messages)


def test_what_people_were_told_goes_with_them(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 09:45")
    desk.db.execute("delete from helpdesk.users where name = 'Ann'")
    assert {name for name, *_ in desk.told(ticket)} == {"Bea"}
    assert desk.value("select count(*) from sla.notifications where user_id is not null") == 1


def test_nobody_is_told_who_is_being_deleted(desk: Desk, connect: Any) -> None:
    """The sweep waits for the deletion of one recipient and then tells the others."""
    ticket = entered(desk)
    desk.at("Mon 09:45")
    other = connect(autocommit=False)
    other.execute("delete from helpdesk.users where name = 'Bea'")
    sweep = threading.Thread(target=desk.sweep)
    sweep.start()
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'sweep'"
    watcher = connect()
    deadline = time.monotonic() + 10
    while watcher.execute(waiting).fetchone() == (0,):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    other.commit()
    sweep.join()
    assert told(desk, ticket, 75) == {("Ann", "in_app")}
    assert desk.value("select count(*) from sla.notifications") == 1
    assert desk.rows("select * from sla.sweep_errors") == []
