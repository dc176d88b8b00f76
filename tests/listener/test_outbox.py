"""The rules of the outbox, which live in the database: what is due, in which order, how often."""

from datetime import timedelta
from threading import Event
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from slapg.errors import SlapgError
from slapg.listener import Relay, Timer, drain_once
from tests.listener.conftest import Desk

NOON = "2026-03-02 12:00:00+00"


@pytest.fixture(autouse=True)
def stopped_clock(db: psycopg.Connection[Any]) -> None:
    """Nothing moves unless `later` says so: retry times can be told to the second."""
    db.execute("select set_config('slapg.now', %s, false)", [NOON])


def later(db: psycopg.Connection[Any], by: str) -> None:
    db.execute("select set_config('slapg.now', (sla.now() + %s::interval)::text, false)", [by])


def claim(db: psycopg.Connection[Any], channel: str = "email", limit: int = 10) -> list[int]:
    rows = db.execute("select notification_id from sla.claim_notifications(%s, %s)", [channel, limit])
    return [number for (number,) in rows]


def fail(db: psycopg.Connection[Any], desk: Desk, number: int, *, permanent: bool = False) -> str | None:
    tenant, attempt = desk.row(number, "tenant_id, attempts")
    row = db.execute(
        "select sla.mark_notification_failed(%s, %s, %s, 'no', %s)", [tenant, number, attempt, permanent]
    ).fetchone()
    assert row is not None
    return row[0]


def sent(db: psycopg.Connection[Any], desk: Desk, number: int) -> bool:
    (tenant,) = desk.row(number, "tenant_id")
    row = db.execute("select sla.mark_notification_sent(%s, %s)", [tenant, number]).fetchone()
    assert row is not None
    return row[0]


def test_a_claim_hands_out_what_is_due_on_the_channel(db, desk: Desk) -> None:
    due = [desk.notification(), desk.notification()]
    desk.notification(due="1 s")
    desk.notification(channel="webhook")
    assert claim(db) == due
    assert claim(db) == []
    assert claim(db, "webhook", 0) == []


def test_a_claim_says_all_that_a_message_needs(db, desk: Desk) -> None:
    ticket = desk.ticket()
    number = desk.notification(ticket)
    row = db.execute("select * from sla.claim_notifications('email')").fetchone()
    (tenant,) = desk.row(number, "tenant_id")
    assert row == (
        tenant, number, ticket, "email", "warning", {"ticket_number": "T1"}, 1, "Anna", "anna@example.com",
    )  # fmt: skip


def test_the_limit_is_kept_and_the_longest_waiting_go_first(db, desk: Desk) -> None:
    second, first = desk.notification(due="-1 s"), desk.notification(due="-2 s")
    assert claim(db, limit=1) == [first]
    assert claim(db, limit=1) == [second]


def test_a_lease_ends(db, desk: Desk) -> None:
    number = desk.notification()
    assert claim(db) == [number]
    later(db, "119 s")
    assert claim(db) == []
    later(db, "1 s")
    assert claim(db) == [number]
    assert desk.row(number, "attempts") == (2,)


def test_one_ticket_is_told_of_in_order(db, desk: Desk) -> None:
    ticket, ben = desk.ticket(), desk.user("Ben", "ben@example.com")
    first, second = desk.notification(ticket), desk.notification(ticket)
    for_ben, elsewhere = desk.notification(ticket, user=ben), desk.notification()
    assert claim(db) == [first, for_ben, elsewhere]
    assert fail(db, desk, first) == "pending"
    assert claim(db) == [], "the second waits for the retry of the first"
    later(db, "1 s")
    assert claim(db) == [first]
    assert sent(db, desk, first)
    assert claim(db) == [second]


def test_what_is_dead_holds_up_nobody(db, desk: Desk) -> None:
    ticket = desk.ticket()
    first, second = desk.notification(ticket), desk.notification(ticket)
    claim(db)
    assert fail(db, desk, first, permanent=True) == "dead"
    assert desk.row(first, "attempts, next_attempt_at, last_error") == (1, None, "no")
    assert claim(db) == [second]


def test_three_attempts_and_longer_waits_between_them(db, desk: Desk) -> None:
    number = desk.notification()
    for wait in (1, 2):
        assert claim(db) == [number]
        assert fail(db, desk, number) == "pending"
        assert desk.row(number, "next_attempt_at - sla.now()") == (timedelta(seconds=wait),)
        later(db, f"{wait} s")
    assert claim(db) == [number]
    assert fail(db, desk, number) == "dead"
    later(db, "1 day")
    assert claim(db) == []
    assert desk.row(number, "attempts, last_error") == (3, "no")


def test_three_listeners_that_never_answered_are_enough(db, desk: Desk) -> None:
    number = desk.notification()
    for _ in range(3):
        assert claim(db) == [number]
        later(db, "2 min")
    assert claim(db) == []
    assert desk.row(number, "state, last_error") == ("dead", "the listener ended while it was sending this")


def test_whose_lease_ran_out_has_no_say_but_is_believed_when_it_is_out(db, desk: Desk) -> None:
    number = desk.notification()
    (tenant,) = desk.row(number, "tenant_id")
    claim(db)
    later(db, "2 min")
    claim(db)
    stale = db.execute("select sla.mark_notification_failed(%s, %s, 1, 'no')", [tenant, number]).fetchone()
    assert stale == (None,)
    assert desk.row(number, "state, last_error") == ("pending", None)
    assert sent(db, desk, number)
    assert not sent(db, desk, number), "once"
    assert fail(db, desk, number) is None
    assert desk.row(number, "state, sent_at = sla.now(), next_attempt_at") == ("sent", True, None)


def test_what_was_dropped_under_way_is_sent_all_the_same(db, desk: Desk) -> None:
    number = desk.notification()
    claim(db)
    db.execute("update sla.notifications set state = 'dropped', next_attempt_at = null")
    assert fail(db, desk, number) is None
    assert desk.state(number) == "dropped"
    assert sent(db, desk, number)
    assert desk.state(number) == "sent"


def test_claims_wait_for_nobody(db, desk: Desk, connect) -> None:
    numbers = [desk.notification() for _ in range(4)]
    other = connect()
    other.execute("set lock_timeout = '1 s'")
    with db.transaction():
        assert claim(db, limit=2) == numbers[:2]
        assert claim(other, limit=10) == numbers[2:]


def test_the_queue_shows_who_waits_for_what(db, desk: Desk) -> None:
    waiting, dead, done = desk.notification(due="-5 min"), desk.notification(), desk.notification()
    assert fail(db, desk, dead, permanent=True) == "dead"
    assert sent(db, desk, done)
    rows = db.execute(
        "select notification_id, ticket_number, recipient, state, overdue from sla.notification_queue"
    ).fetchall()
    assert rows == [
        (waiting, "T1", "Anna", "pending", timedelta(minutes=5)),
        (dead, "T2", "Anna", "dead", None),
    ]


@pytest.fixture
def roles(cluster, db) -> Any:
    """Two roles that can log in, with and without the rights of slapg_listener."""
    (name,) = db.execute("select current_database()").fetchone()
    relay, stranger = f"{name}_relay", f"{name}_stranger"
    for role in (relay, stranger):
        db.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
    db.execute(sql.SQL("grant slapg_listener to {}").format(sql.Identifier(relay)))
    yield relay, stranger
    for role in (relay, stranger):
        db.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


def test_the_role_of_listeners_is_enough_and_needed(db_url: str, connect, desk: Desk, roles) -> None:
    relay, stranger = roles
    number = desk.notification(due="-10 years")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect(user=stranger).execute("select * from sla.claim_notifications('email')")
    with pytest.raises(SlapgError, match=r"may not call sla\.next_fire_at") as failure:
        drain_once(make_conninfo(db_url, user=stranger), None, Timer(), Event())
    assert failure.value.hint == f"as a superuser: grant slapg_listener to {stranger}"
    listener = connect(user=relay)
    assert claim(listener) == [number]
    assert sent(listener, desk, number)
    assert listener.execute("select * from sla.notification_queue").fetchall() == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        listener.execute("update sla.notifications set state = 'sent'")


def test_a_database_without_slapg_says_what_to_do(empty_db_url: str) -> None:
    with pytest.raises(SlapgError, match=r"the database has no sla\.claim_notifications") as failure:
        drain_once(empty_db_url, Relay([]), None, Event())
    assert failure.value.hint == "bring it up to date with: slapg migrate"
