"""History does not shout (semantics §3, Imports)."""

from uuid import UUID

from tests.engine.desk import Desk, when


def imported(desk: Desk, **fields: str) -> UUID:
    """Entered on Monday at 09:00, inserted on Tuesday at 12:00."""
    desk.at("Tue 12:00")
    ticket = desk.enter(entered_at="Mon 09:00", **fields)
    assert desk.events(ticket) == []
    return ticket


def test_an_insert_does_not_settle_the_next_sweep_does(desk: Desk) -> None:
    ticket = imported(desk)
    desk.sweep()
    assert desk.crossed(ticket, "resolution") == [
        (50, when("Mon 13:00")),
        (75, when("Mon 15:00")),
        (100, when("Mon 17:00")),
    ]


def test_what_lies_before_the_insert_tells_nobody(desk: Desk) -> None:
    ticket = imported(desk, priority="Urgent")
    desk.sweep()
    assert {event.superseded for event in desk.events(ticket)} == {True}
    assert desk.told(ticket) == []


def test_nor_does_it_escalate(desk: Desk) -> None:
    ticket = imported(desk, priority="Urgent")
    desk.sweep()
    assert (desk.ticket(ticket).escalated, desk.ticket(ticket).escalation_level) == (False, 0)
    assert desk.audit(ticket, "escalated") == []


def test_the_verdict_is_honest(desk: Desk) -> None:
    ticket = imported(desk)
    desk.sweep()
    assert (desk.resolution(ticket).met, desk.resolution(ticket).breached_at) == (False, when("Mon 17:00"))


def test_what_comes_after_the_insert_tells(desk: Desk) -> None:
    """Sixteen hours from Monday 09:00: 75 % at Tuesday 13:00, an hour after the import."""
    ticket = imported(desk, priority="Low")
    desk.sweep("Tue 13:00")
    assert [(event.percent, event.superseded) for event in desk.events(ticket)] == [(50, True), (75, False)]
    assert {(name, percent) for name, _, _, _, percent in desk.told(ticket)} == {("Ann", 75), ("Bea", 75)}


def test_history_brings_no_recipients_along(desk: Desk) -> None:
    """The 50 % of before the import would have told the board's manager, the 75 % of after it does not."""
    desk.db.execute("update sla.notification_thresholds set notify_board_manager = percent = 50")
    ticket = imported(desk, priority="Low")
    desk.sweep("Tue 13:00")
    assert {name for name, *_ in desk.told(ticket)} == {"Ann"}


def test_a_ticket_of_yesterday_is_no_import(desk: Desk) -> None:
    desk.at("Tue 09:00")
    ticket = desk.enter(entered_at="Mon 09:00")
    desk.sweep()
    assert ("Ann", "in_app", "breach", "response", 100) in desk.told(ticket)


def test_the_desk_says_from_when_on_it_is_one(desk: Desk) -> None:
    desk.set(import_after="1 hour")
    desk.at("Mon 11:00")
    ticket = desk.enter(entered_at="Mon 09:00")
    desk.sweep()
    assert desk.told(ticket) == []


def test_an_import_that_is_closed_tells_its_verdict_only(desk: Desk) -> None:
    ticket = imported(desk)
    desk.change(ticket, status="Closed")
    assert {(template, metric) for _, _, template, metric, _ in desk.told(ticket)} == {
        ("breach", "response"),
        ("breach", "resolution"),
    }
