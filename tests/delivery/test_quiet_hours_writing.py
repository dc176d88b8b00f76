"""Warnings wait for the recipient's working hours; nothing else does."""

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.engine.desk import Desk, when


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    """Ann works from 06:00 to 09:30 and Bea always; they are mailed at every threshold."""
    desk = Desk(db)
    db.execute("insert into sla.schedules (name, timezone) values ('Early', 'Europe/Amsterdam')")
    db.execute(
        "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time) "
        "select schedule_id, d, '06:00', '09:30' from sla.schedules, generate_series(1, 5) as d "
        "where name = 'Early'"
    )
    prefer(desk, "Ann", "Early")
    db.execute(
        "update sla.notification_thresholds set channels = '{in_app,email}', notify_board_manager = true"
    )
    desk.at("Mon 09:00")
    return desk


def prefer(desk: Desk, name: str, schedule: str | None) -> None:
    desk.db.execute(
        "select sla.set_recipient_preferences(%s, %s)",
        [
            desk.named("helpdesk.users", name),
            desk.named("sla.schedules", schedule) if schedule else None,
        ],
    )


def waits(desk: Desk, ticket: UUID, percent: int) -> dict[tuple[str, str], datetime | None]:
    """When each message about that percent of the response may go."""
    rows = desk.rows(
        "select u.name, n.channel, n.next_attempt_at from sla.notifications n "
        "join helpdesk.users u using (tenant_id, user_id) where n.ticket_id = %s "
        "and n.payload ->> 'metric' = 'response' and (n.payload ->> 'percent')::int = %s",
        ticket,
        percent,
    )
    return {(row.name, row.channel): row.next_attempt_at for row in rows}


def test_a_warning_waits_for_the_next_opening(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    assert waits(desk, ticket, 75) == {
        ("Ann", "in_app"): None,
        ("Ann", "email"): when("Tue 06:00"),
        ("Bea", "in_app"): None,
        ("Bea", "email"): when("Mon 09:45"),
    }


def test_in_working_hours_it_goes_at_once(desk: Desk) -> None:
    ticket = desk.enter(entered_at="Mon 08:00")  # counts from the opening at 09:00
    desk.sweep("Mon 09:29")
    assert waits(desk, ticket, 50) == {}
    desk.db.execute("update sla.schedule_entries set end_time = '09:40' where end_time = '09:30'")
    desk.sweep("Mon 09:30")
    assert waits(desk, ticket, 50)["Ann", "email"] == when("Mon 09:30")


def test_a_breach_always_passes(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 10:00")
    assert waits(desk, ticket, 100)["Ann", "email"] == when("Mon 10:00")


def test_an_escalation_passes(desk: Desk) -> None:
    prefer(desk, "Eva", "Early")
    ticket = desk.enter(priority="Urgent")
    desk.sweep("Mon 09:21")
    assert waits(desk, ticket, 70)["Eva", "email"] == when("Mon 09:21")
    desk.db.execute("update sla.schedule_entries set end_time = '06:30' where end_time = '09:30'")
    other = desk.enter(priority="Urgent")
    desk.sweep("Mon 09:43")
    assert waits(desk, other, 70)["Eva", "email"] == when("Mon 09:43")


def test_a_system_keeps_no_hours(desk: Desk) -> None:
    desk.db.execute("select sla.set_channel('hook', 'webhook', 'https://hooks.example.com/sla')")
    desk.db.execute("update sla.notification_thresholds set channels = '{hook}'")
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    assert desk.value("select next_attempt_at from sla.notifications where ticket_id = %s", ticket) == when(
        "Mon 09:45"
    )


def test_without_a_preference_there_are_no_hours(desk: Desk) -> None:
    prefer(desk, "Ann", None)
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    assert waits(desk, ticket, 75)["Ann", "email"] == when("Mon 09:45")


def test_hours_that_never_come_hold_nothing_back(desk: Desk) -> None:
    """Nor do they keep the sweep from telling the others."""
    desk.db.execute("update sla.schedule_entries set is_enabled = false where end_time = '09:30'")
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    assert waits(desk, ticket, 75)["Ann", "email"] == when("Mon 09:45")
    assert waits(desk, ticket, 75)["Bea", "email"] == when("Mon 09:45")
    assert desk.rows("select * from sla.sweep_errors") == []


def test_a_schedule_in_which_people_work_is_in_use(desk: Desk) -> None:
    early, office = desk.named("sla.schedules", "Early"), desk.named("sla.schedules", "Office")
    with pytest.raises(psycopg.Error, match="the working hours of Ann") as refusal:
        desk.db.execute("select sla.delete_schedule(%s)", [early])
    assert refusal.value.sqlstate == "SL019"
    desk.db.execute("select sla.delete_schedule(%s, %s)", [early, office])
    assert desk.value("select schedule_id from sla.recipient_preferences") == office
