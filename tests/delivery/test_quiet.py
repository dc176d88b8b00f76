"""Warnings that waited for quiet hours to end: told then, unless they are no news any more."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.delivery.conftest import claim
from tests.engine.desk import Desk


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    """It is Monday 09:00; Ann, who is mailed at every threshold, has worked and is back at 06:00."""
    desk = Desk(db)
    db.execute("insert into sla.schedules (name, timezone) values ('Early', 'Europe/Amsterdam')")
    db.execute(
        "insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time) "
        "select schedule_id, d, '06:00', '09:00' from sla.schedules, generate_series(1, 5) as d "
        "where name = 'Early'"
    )
    db.execute(
        "insert into sla.recipient_preferences (user_id, schedule_id) values (%s, %s)",
        [desk.named("helpdesk.users", "Ann"), desk.named("sla.schedules", "Early")],
    )
    db.execute("update sla.notification_thresholds set channels = '{email}'")
    db.execute("update sla.notification_thresholds set notify_board_manager = false")
    desk.at("Mon 09:00")
    return desk


def mails(desk: Desk, ticket: UUID) -> dict[int, str]:
    """How each of Ann's mails about the answer fares, by percent."""
    rows = desk.rows(
        "select (payload ->> 'percent')::int as percent, state from sla.notifications "
        "where ticket_id = %s and channel = 'email' and payload ->> 'metric' = 'response' "
        "and user_id = (select user_id from helpdesk.users where name = 'Ann') order by notification_id",
        ticket,
    )
    return {row.percent: row.state for row in rows}


def told(desk: Desk) -> list[int]:
    """Percents of what a listener is handed now, and sends."""
    rows = desk.rows("select * from sla.claim_notifications('email', 10)")
    desk.rows(
        "select * from sla.record_deliveries(%s::uuid[], %s::bigint[], %s::integer[], %s::text[], null)",
        [row.tenant_id for row in rows],
        [row.notification_id for row in rows],
        [row.attempt for row in rows],
        ["sent"] * len(rows),
    )
    return [row.payload["percent"] for row in rows]


def test_what_is_still_news_is_told_when_she_is_back(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 09:30")
    desk.rows("select sla.pause(%s, 'manual')", ticket)
    assert told(desk) == []
    desk.at("Tue 06:00")
    assert told(desk) == [50]
    assert mails(desk, ticket) == {50: "sent"}


def test_of_several_only_the_highest(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 09:30")
    desk.sweep("Mon 09:45")
    desk.rows("select sla.pause(%s, 'manual')", ticket)
    desk.at("Tue 06:00")
    assert told(desk) == [75]
    assert mails(desk, ticket) == {50: "dropped", 75: "sent"}


def test_a_breach_passes_and_what_waited_behind_it_is_dropped(desk: Desk) -> None:
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    desk.sweep("Mon 10:00")
    assert told(desk) == [100]
    desk.at("Tue 06:00")
    assert told(desk) == []
    assert mails(desk, ticket) == {75: "dropped", 100: "sent"}
    [row] = desk.rows("select last_error, next_attempt_at from sla.notifications where state = 'dropped'")
    assert row == ("it waited for quiet hours to end, and was no news then", None)


def test_nobody_is_warned_of_a_clock_that_has_ended(desk: Desk) -> None:
    ticket, other = desk.enter(), desk.enter()
    desk.sweep("Mon 09:45")
    desk.rows("select sla.complete(%s, 'response', sla.now())", ticket)
    desk.rows("select sla.pause(%s, 'manual')", other)
    desk.at("Tue 06:00")
    assert told(desk) == [75]
    assert (mails(desk, ticket), mails(desk, other)) == ({75: "dropped"}, {75: "sent"})


def test_however_many_are_no_news_the_others_are_told_at_once(desk: Desk) -> None:
    gone, here = [desk.enter() for _ in range(4)], desk.enter()
    desk.sweep("Mon 09:45")
    for ticket in gone:
        desk.rows("select sla.cancel(%s)", ticket)
    desk.rows("select sla.pause(%s, 'manual')", here)
    desk.db.execute(
        "update sla.notifications set next_attempt_at = next_attempt_at - interval '1 s' "
        "where state = 'pending' and ticket_id <> %s",
        [here],
    )  # before it in the queue
    desk.at("Tue 06:00")
    assert len(claim(desk.db, limit=1)) == 1
    assert mails(desk, here) == {75: "pending"}
    assert [mails(desk, ticket) for ticket in gone] == [{75: "dropped"}] * 4


def test_a_digest_goes_without_them(desk: Desk) -> None:
    desk.db.execute("update sla.settings set digest_after = 2")
    gone, here = desk.enter(), [desk.enter() for _ in range(3)]
    desk.sweep("Mon 09:45")
    desk.rows("select sla.cancel(%s)", gone)
    for ticket in here:
        desk.rows("select sla.pause(%s, 'manual')", ticket)
    desk.at("Tue 06:00")
    assert told(desk) == [75, 75, 75]
    [row] = desk.rows(
        "select count(distinct digest_id) as digests from sla.notifications where state = 'sent'"
    )
    assert row.digests == 1


def test_one_that_did_not_wait_is_told_whatever_came_of_its_clock(desk: Desk) -> None:
    """Late is not stale: what was due at once is news that the listener owes."""
    desk.db.execute("delete from sla.recipient_preferences")
    ticket = desk.enter()
    desk.sweep("Mon 09:45")
    desk.rows("select sla.complete(%s, 'response', sla.now())", ticket)
    desk.at("Tue 06:00")
    assert told(desk) == [75]
