"""The date that people see (semantics §4, due_date)."""

from tests.engine.desk import Desk, when


def test_it_is_filled_with_the_resolution_due_time(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    assert desk.ticket(ticket).due_date == when("Mon 17:00")


def test_it_keeps_in_step(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, priority="Urgent")
    assert desk.ticket(ticket).due_date == when("Mon 13:00")
    desk.change(ticket, status="Waiting")
    desk.at("Mon 10:00")
    desk.change(ticket, status="Working")
    assert desk.ticket(ticket).due_date == when("Mon 14:00")


def test_a_promise_made_by_a_person_is_never_touched(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(due_date="Fri 12:00")
    desk.change(ticket, priority="Urgent")
    assert desk.ticket(ticket).due_date == when("Fri 12:00")


def test_a_date_set_later_is_a_persons_even_when_close_by(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, due_date="Mon 17:00:30")
    desk.change(ticket, priority="Urgent")
    assert desk.ticket(ticket).due_date == when("Mon 17:00:30")


def test_clearing_it_asks_for_it_to_be_filled_again(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter(due_date="Fri 12:00")
    desk.change(ticket, due_date=None)
    assert desk.ticket(ticket).due_date == when("Mon 17:00")
    desk.change(ticket, priority="Urgent")
    assert desk.ticket(ticket).due_date == when("Mon 13:00")


def test_a_statement_that_changes_it_and_the_priority(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, due_date="Fri 12:00", priority="Urgent")
    assert desk.ticket(ticket).due_date == when("Fri 12:00")


def test_cancelling_clears_what_slapg_filled_in(desk: Desk) -> None:
    desk.at("Mon 09:00")
    filled, theirs = desk.enter(), desk.enter(due_date="Fri 12:00")
    for ticket in (filled, theirs):
        desk.db.execute("select sla.cancel(%s)", [ticket])
    assert desk.ticket(filled).due_date is None
    assert desk.ticket(theirs).due_date == when("Fri 12:00")


def test_no_promise_no_date(desk: Desk) -> None:
    ticket = desk.enter(priority="Stray")
    assert desk.ticket(ticket).due_date is None
    desk.at("Mon 09:00")
    desk.change(ticket, priority="Normal")
    assert desk.ticket(ticket).due_date == desk.resolution(ticket).due_at


def test_a_restart_moves_it_on(desk: Desk) -> None:
    desk.set(reopen_mode="restart")
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.change(ticket, status="Closed")
    desk.at("Tue 09:00")
    desk.change(ticket, status="Working")
    assert desk.ticket(ticket).due_date == when("Tue 17:00")


def test_an_edit_of_the_calendar_moves_it(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute("update sla.schedule_entries set end_time = '16:00'")
    assert desk.ticket(ticket).due_date == when("Tue 10:00")
