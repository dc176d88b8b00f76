"""sla.ticket_timeline: whatever happens to a ticket is told in words, and nothing twice."""

from typing import Any

from tests.views.desk import Desk

URGENT = """
    insert into helpdesk.priorities (name, rank) values ('Urgent', 0);
    insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes, is_24x7)
    select p.policy_id, r.priority_id, 15, 90, true
    from sla.policies p, helpdesk.priorities r where r.name = 'Urgent';
    insert into sla.escalation_managers (board_id, level, manager_user_id, notify_via)
    select b.board_id, 3, u.user_id, '{email,in_app}' from helpdesk.boards b, helpdesk.users u
"""


def told(desk: Desk, ticket: Any) -> list[tuple[str, str]]:
    return [
        (f"{at:%a %H:%M}", words)
        for at, words in desk.rows(
            "select at, words from sla.ticket_timeline where ticket_id = %s order by at, place", ticket
        )
    ]


def test_a_whole_story(desk: Desk) -> None:
    """Answered, paused, made urgent (around the clock: its 90 minutes are counted from the start), late."""
    desk.db.execute(URGENT)
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:40")
    desk.sweep()
    desk.reply(ticket)
    desk.move(ticket, "Waiting")
    desk.at("Mon 15:40")
    desk.move(ticket, "New")
    desk.at("Mon 16:00")
    desk.db.execute(
        "update helpdesk.tickets set priority_id = "
        "(select priority_id from helpdesk.priorities where name = 'Urgent')"
    )
    desk.at("Mon 17:00")
    desk.sweep()
    desk.move(ticket, "Closed")
    desk.at("Tue 10:00")
    desk.move(ticket, "New")
    assert told(desk, ticket) == [
        ("Mon 09:00", "entered; promised: response in 1 h, resolution in 8 h of business time"),
        ("Mon 09:30", "50 % of the response time is used"),
        ("Mon 09:40", "first answer"),
        ("Mon 09:40", "answered in time"),
        ("Mon 09:40", "changed: status New -> Waiting"),
        ("Mon 09:40", "paused: its status pauses it"),
        ("Mon 09:40", "told: Ann (in app)"),
        ("Mon 09:40", "told: Ann (in app)"),
        ("Mon 15:40", "changed: status Waiting -> New"),
        ("Mon 15:40", "its status no longer pauses it"),
        ("Mon 15:45", "50 % of the resolution time is used"),
        ("Mon 16:00", "changed: priority Normal -> Urgent"),
        ("Mon 16:00", "now promised: resolution in 1 h 30 min, around the clock"),
        ("Mon 16:00", "told: Ann (in app)"),
        ("Mon 16:03", "70 % of the resolution time is used"),
        ("Mon 16:03", "escalated to level 1, which has no manager"),
        ("Mon 16:21", "90 % of the resolution time is used"),
        ("Mon 16:21", "escalated to level 2, which has no manager"),
        ("Mon 16:30", "100 % of the resolution time is used: it is overdue"),
        ("Mon 16:39", "110 % of the resolution time is used"),
        ("Mon 16:39", "escalated to level 3: Ann"),
        ("Mon 17:00", "changed: status New -> Closed"),
        ("Mon 17:00", "resolved, too late"),
        ("Mon 17:00", "told: Ann (in app, email waiting)"),
        ("Mon 17:00", "told: Ann (in app)"),
        ("Tue 10:00", "changed: status Closed -> New"),
        ("Tue 10:00", "reopened: the resolution clock runs on"),
    ]


def test_terms_that_stay_are_not_repeated(desk: Desk) -> None:
    desk.db.execute("insert into helpdesk.priorities (name, rank) values ('The same', 2)")
    desk.db.execute(
        "insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes) "
        "select p.policy_id, r.priority_id, 30, 480 "
        "from sla.policies p, helpdesk.priorities r where r.name = 'The same'"
    )
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:10")
    desk.db.execute(
        "update helpdesk.tickets set priority_id = "
        "(select priority_id from helpdesk.priorities where name = 'The same')"
    )
    assert told(desk, ticket)[1:] == [
        ("Mon 09:10", "changed: priority Normal -> The same"),
        ("Mon 09:10", "now promised: response in 30 min of business time"),
    ]


def test_people_told_in_the_same_ways_are_named_together(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute("insert into helpdesk.users (name) values ('Bob')")
    desk.db.execute(
        "update helpdesk.boards set manager_user_id = "
        "(select user_id from helpdesk.users where name = 'Bob');"
        "update sla.notification_thresholds set notify_board_manager = true, channels = '{email,in_app}'"
    )
    desk.at("Mon 09:30")
    desk.sweep()
    [words] = [words for _, words in told(desk, ticket) if words.startswith("told")]
    assert words in (
        "told: Ann, Bob (in app, email waiting)",
        "told: Bob, Ann (in app, email waiting)",
    )


def test_a_change_of_hours_is_told(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:10")
    desk.db.execute("update sla.schedule_entries set end_time = '16:00'")
    assert told(desk, ticket)[-1][1].startswith("business hours changed: counted anew by calendar version ")


def test_each_line_says_what_it_is_about_and_why(desk: Desk) -> None:
    """In plain columns, for whoever makes a dashboard of it."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.sweep()
    desk.at("Mon 11:00")
    desk.sweep()
    desk.move(ticket, "Waiting")
    desk.move(ticket, "Closed")
    found = desk.rows(
        "select event_type, metric, cycle, percent, reason from sla.ticket_timeline "
        "where ticket_id = %s and (metric = 'response' or reason is not null) and source <> 'notification' "
        "order by at, place",
        ticket,
    )
    assert found == [
        ("warning", "response", 1, 50, "superseded"),
        ("warning", "response", 1, 70, "superseded"),
        ("warning", "response", 1, 90, "superseded"),
        ("breach", "response", 1, 100, "superseded"),
        ("breach", "response", 1, 110, None),
        ("sla_paused", None, None, None, "status"),
        ("response_recorded", "response", 1, None, "closed_without_response"),
        ("sla_resumed", None, None, None, "status"),
    ]
