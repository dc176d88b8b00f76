"""sla.health: what is wrong is named, with what to do about it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.views.desk import Desk

Connect = Callable[..., psycopg.Connection[Any]]


def check(desk: Desk, name: str) -> tuple[str, str, str | None]:
    state, detail, hint = desk.row("select state, detail, hint from sla.health where check_name = %s", name)
    return state, detail, hint


def test_a_desk_in_order_is_healthy(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.at("Mon 10:30")
    desk.sweep()
    assert desk.rows("select * from sla.health where state <> 'ok' or hint is not null") == []


def test_untracked_tickets_are_counted_by_reason_while_they_are_open(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter("1", priority="Unpromised")
    desk.enter("2", priority="Unpromised")
    state, detail, hint = check(desk, "untracked_tickets")
    assert (state, detail) == ("warn", "open tickets without clocks: 2 (no_target)")
    assert hint
    desk.move(ticket, "Closed")
    assert "1 (no_target)" in check(desk, "untracked_tickets")[1]


@pytest.mark.parametrize(
    ("when", "state"), [("Mon 09:33", "ok"), ("Mon 09:40", "warn"), ("Mon 10:30", "fail")]
)
def test_a_crossing_that_no_sweep_recorded_grows_from_ok_to_fail(desk: Desk, when: str, state: str) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.at(when)
    assert check(desk, "sweep_lag")[0] == state
    desk.sweep()
    assert check(desk, "sweep_lag")[0] == "ok"


def test_a_missing_sweep_is_noticed(desk: Desk) -> None:
    assert check(desk, "last_sweep")[0] == "warn"
    desk.at("Mon 09:00")
    desk.sweep()
    assert check(desk, "last_sweep")[0] == "ok"
    desk.at("Mon 09:30")
    assert check(desk, "last_sweep")[0] == "warn"


def test_sweep_errors_and_notifications_are_reported_in_their_own_words(desk: Desk) -> None:
    now = desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute(
        "insert into sla.sweep_errors "
        "(tenant_id, ticket_id, first_failed_at, last_failed_at, retry_at, sqlstate, message) "
        "select tenant_id, ticket_id, sla.now(), sla.now(), sla.now(), 'XX000', 'it broke' "
        "from helpdesk.tickets"
    )
    for state in ("dead", "pending"):
        desk.db.execute(
            "insert into sla.notifications "
            "(ticket_id, channel, template, state, created_at, next_attempt_at, last_error) "
            "values (%s, 'email', 'warning', %s, %s, %s - interval '10 minutes', 'no such mailbox')",
            [ticket, state, now, now],
        )
    assert check(desk, "sweep_errors")[:2] == ("fail", "1 tickets cannot be settled; one says: it broke")
    assert "no such mailbox" in check(desk, "dead_notifications")[1]
    assert check(desk, "late_notifications")[:2] == (
        "warn",
        "1 notifications wait to be sent, the oldest for 00:10:00",
    )


def test_a_schedule_that_never_opens_is_named(desk: Desk) -> None:
    desk.db.execute("insert into sla.schedules (name, timezone) values ('Empty', 'UTC')")
    state, detail, hint = check(desk, "calendars")
    assert state == "fail"
    assert detail.startswith("Empty: ")
    assert hint


def test_readers_may_read_every_view(desk: Desk, connect: Connect) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    views = desk.rows("select format('%%I.%%I', schemaname, viewname) from pg_views where schemaname = 'sla'")
    role = f"reader_{uuid4().hex}"  # roles belong to the server, which other tests share
    desk.db.execute(f"create role {role} login in role slapg_reader")
    try:
        reader = connect(user=role)
        for (view,) in views:
            reader.execute(f"select * from {view}")
        assert reader.execute("select count(*) from sla.status(%s)", [ticket]).fetchone() == (2,)
        reader.close()
    finally:
        desk.db.execute(f"drop role {role}")
