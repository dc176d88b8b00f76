"""The same rules however the rows are written: many at once, COPY, upserts, MERGE, transactions."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.engine.desk import Desk, when

HOUR = timedelta(hours=1)


def numbered(desk: Desk, number: str) -> UUID:
    return desk.value("select ticket_id from helpdesk.tickets where ticket_number = %s", number)  # type: ignore[no-any-return]


def test_many_rows_in_one_insert(desk: Desk) -> None:
    """Each as it is: running, paused, born closed, without a promise."""
    desk.at("Mon 12:00")
    desk.db.execute(
        """
        insert into helpdesk.tickets (ticket_number, priority_id, status_id, entered_at, closed_at)
        select x.number, p.priority_id, s.status_id, x.entered_at, x.closed_at
        from (values
            ('a', 'Normal', 'New', %(nine)s, null),
            ('b', 'Urgent', 'Waiting', %(nine)s, null),
            ('c', 'Normal', 'Closed', %(nine)s, %(eleven)s),
            ('d', 'Stray', 'New', %(nine)s, null)
        ) as x (number, priority, status, entered_at, closed_at)
        join helpdesk.priorities p on p.name = x.priority
        join helpdesk.statuses s on s.name = x.status
        """,
        {"nine": when("Mon 09:00"), "eleven": when("Mon 11:00")},
    )
    states = {number: [c.state for c in desk.clocks(numbered(desk, number))] for number in "abcd"}
    assert states == {"a": ["running"] * 2, "b": ["paused"] * 2, "c": ["completed"] * 2, "d": []}
    assert desk.resolution(numbered(desk, "c")).met is True
    assert desk.ticket(numbered(desk, "a")).due_date == when("Mon 17:00")


def test_more_rows_than_one_chunk(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.db.execute(
        "insert into helpdesk.tickets (priority_id, status_id, entered_at) "
        "select %s, %s, sla.now() + n * interval '1 second' from generate_series(1, 2500) n",
        [desk.named("helpdesk.priorities", "Normal"), desk.named("helpdesk.statuses", "New")],
    )
    assert desk.value("select count(*) from sla.clocks where state = 'running'") == 5000
    assert desk.value("select count(distinct due_at) from sla.clocks where metric = 'response'") == 2500
    assert desk.value("select count(*) from sla.audit_log where event_type = 'sla_started'") == 2500


def test_copy(desk: Desk) -> None:
    desk.at("Mon 09:00")
    priority, status = desk.named("helpdesk.priorities", "Normal"), desk.named("helpdesk.statuses", "New")
    columns = "ticket_number, priority_id, status_id, entered_at"
    with desk.db.cursor().copy(f"copy helpdesk.tickets ({columns}) from stdin".encode()) as copy:
        for number in range(20):
            copy.write_row(
                (f"c{number}", priority, status, when("Mon 09:00") + number * timedelta(minutes=1))
            )
    assert desk.response(numbered(desk, "c19")).due_at == when("Mon 10:19")
    assert desk.value("select count(*) from sla.clocks") == 40


UPSERT = """
    insert into helpdesk.tickets as t (ticket_id, ticket_number, priority_id, status_id, entered_at)
    values (%(id)s, %(id)s, %(priority)s, %(status)s, sla.now())
    on conflict (tenant_id, ticket_id) do """


def upsert(desk: Desk, ticket: UUID, action: str, status: str, priority: str = "Normal") -> None:
    desk.db.execute(
        (UPSERT + action).encode(),
        {
            "id": ticket,
            "priority": desk.named("helpdesk.priorities", priority),
            "status": desk.named("helpdesk.statuses", status),
        },
    )


def test_insert_on_conflict_do_update(desk: Desk) -> None:
    ticket = uuid4()
    action = "update set status_id = excluded.status_id, priority_id = excluded.priority_id"
    desk.at("Mon 09:00")
    upsert(desk, ticket, action, "New")
    assert desk.response(ticket).state == "running"
    desk.at("Mon 09:20")
    upsert(desk, ticket, action, "Waiting", "Urgent")
    response = desk.response(ticket)
    assert (response.state, response.paused_at, response.target) == ("paused", when("Mon 09:20"), HOUR / 2)
    assert len(desk.audit(ticket, "sla_started")) == 1
    assert desk.ticket(ticket).due_date == when("Mon 13:00")


def test_insert_on_conflict_do_nothing(desk: Desk) -> None:
    ticket = uuid4()
    desk.at("Mon 09:00")
    upsert(desk, ticket, "nothing", "New")
    before = desk.clocks(ticket)
    desk.at("Mon 10:00")
    upsert(desk, ticket, "nothing", "Closed", "Urgent")
    assert desk.clocks(ticket) == before
    assert len(desk.audit(ticket, "sla_started")) == 1


def test_merge_inserts_and_updates(desk: Desk) -> None:
    desk.at("Mon 09:00")
    known = desk.enter(ticket_number="known")
    desk.at("Mon 09:30")
    desk.db.execute(
        """
        merge into helpdesk.tickets t
        using (values ('known', 'Closed'), ('new', 'New')) as x (number, status)
        on t.ticket_number = x.number
        when matched then update set status_id = (
            select status_id from helpdesk.statuses where name = x.status)
        when not matched then insert (ticket_number, priority_id, status_id, entered_at) values (
            x.number, (select priority_id from helpdesk.priorities where name = 'Normal'),
            (select status_id from helpdesk.statuses where name = x.status), sla.now())
        """
    )
    assert (desk.resolution(known).completed_at, desk.resolution(known).met) == (when("Mon 09:30"), True)
    assert desk.response(numbered(desk, "new")).due_at == when("Mon 10:30")


def test_one_update_of_many_tickets(desk: Desk) -> None:
    desk.at("Mon 09:00")
    tickets = [desk.enter() for _ in range(5)]
    desk.at("Mon 09:10")
    desk.db.execute(
        "update helpdesk.tickets set status_id = %s", [desk.named("helpdesk.statuses", "Waiting")]
    )
    assert {c.paused_at for ticket in tickets for c in desk.clocks(ticket)} == {when("Mon 09:10")}


def test_several_fields_in_one_update_priority_first_closing_last(desk: Desk) -> None:
    """Judged by the new priority: four hours, of which six have passed."""
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 15:00")
    desk.change(ticket, priority="Urgent", status="Closed")
    resolution = desk.resolution(ticket)
    assert (resolution.target, resolution.met, resolution.breached_at) == (4 * HOUR, False, when("Mon 13:00"))


def test_several_fields_take_effect_at_the_supplied_closing_time(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 15:00")
    desk.change(
        ticket, priority="Urgent", response_state="awaiting_client", status="Closed", closed_at="Mon 13:00"
    )
    resolution = desk.resolution(ticket)
    assert (resolution.completed_at, resolution.met, resolution.breached_at) == (
        when("Mon 13:00"),
        True,
        None,
    )
    assert {paused_at for _, paused_at, _ in desk.pauses(ticket)} == {when("Mon 13:00")}
    assert {entry["at"] for entry in desk.audit(ticket, "priority_changed")} == {when("Mon 13:00")}


def test_a_pause_and_a_new_priority_in_one_update(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 09:20")
    desk.change(ticket, status="Waiting", priority="Urgent")
    response = desk.response(ticket)
    assert (response.state, response.paused_at, response.due_at) == (
        "paused",
        when("Mon 09:20"),
        when("Mon 09:30"),
    )


def test_several_changes_in_one_transaction_apply_in_order(desk: Desk) -> None:
    desk.at("Mon 09:00")
    with desk.db.transaction():
        ticket = desk.enter()
        desk.reply(ticket)
        desk.change(ticket, status="Waiting")
        desk.change(ticket, status="Working")
        desk.change(ticket, priority="Urgent")
        desk.change(ticket, status="Closed")
        desk.change(ticket, status="Working")
    resolution = desk.resolution(ticket)
    assert (resolution.state, resolution.due_at, resolution.met) == ("running", when("Mon 13:00"), None)
    assert {start == end for _, start, end in desk.pauses(ticket)} == {True}
    changes = desk.audit(ticket, "ticket_changed")
    assert len(changes) == 6


def test_what_a_savepoint_takes_back_did_not_happen(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    with desk.db.transaction():
        with desk.db.transaction(force_rollback=True):
            desk.change(ticket, status="Closed")
        desk.change(ticket, status="Waiting")
    assert {c.state for c in desk.clocks(ticket)} == {"paused"}
    assert [reason for reason, *_ in desk.pauses(ticket)] == ["status"]


def test_an_update_that_matters_to_no_clock_leaves_no_trace(desk: Desk) -> None:
    ticket = desk.enter()
    desk.change(ticket, title="Now with a title", attributes='{"colour": "red"}', assignee="Bea")
    desk.change(ticket, status="New")
    assert desk.audit(ticket, "ticket_changed") == []


def test_the_key_of_a_ticket_cannot_be_changed(desk: Desk) -> None:
    ticket = desk.enter()
    with pytest.raises(psycopg.Error, match="its key cannot be changed") as caught:
        desk.change(ticket, ticket_id=uuid4())
    assert caught.value.sqlstate == "SL021"


def test_a_comment_with_the_ticket_in_one_statement(desk: Desk) -> None:
    """As one request of an application: the ticket is there when its first reply is."""
    desk.at("Mon 09:00")
    with desk.db.pipeline():
        ticket = desk.enter()
        desk.reply(ticket)
    assert desk.response(ticket).met is True
