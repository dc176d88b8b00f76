"""The sweep on the second: what the timer waits for, and that thresholds fire and are told of in time."""

import time
from typing import Any
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner

from slapg.cli.app import app
from slapg.listener.timer import GAP_SECONDS, LOOK_SECONDS, Timer
from tests.listener.conftest import Desk, Listen, wait_until
from tests.notifier.smtp_sink import SmtpSink

TARGET_MINUTES = 2
WARNING_PERCENT = 50


class Promise:
    """A desk that promises a resolution within two minutes, round the clock, and mails at half of it."""

    def __init__(self, db: psycopg.Connection[Any], desk: Desk) -> None:
        self._db = db
        self._desk = desk
        (self._priority,) = self._row(
            "insert into helpdesk.priorities (name) values ('High') returning priority_id"
        )
        (policy,) = self._row(
            "insert into sla.policies (name, is_default) values ('Gold', true) returning policy_id"
        )
        self._db.execute(
            "insert into sla.policy_targets (policy_id, priority_id, resolution_minutes, is_24x7,"
            " escalation_1_percent, escalation_2_percent, escalation_3_percent)"
            " values (%s, %s, %s, true, null, null, null)",
            [policy, self._priority, TARGET_MINUTES],
        )
        self._db.execute(
            "insert into sla.notification_thresholds (policy_id, percent, channels)"
            " values (%s, %s, '{email}')",
            [policy, WARNING_PERCENT],
        )

    def ticket(self, fires_in: float) -> UUID:
        """A ticket whose warning is due in so many seconds; negative: it is late already."""
        (ticket,) = self._row(
            "insert into helpdesk.tickets (ticket_number, priority_id, assigned_to, entered_at)"
            " values ('T1', %s, %s, now() + %s * interval '1 s') returning ticket_id",
            self._priority,
            self._desk.anna,
            fires_in - TARGET_MINUTES * 60 * WARNING_PERCENT / 100,
        )
        return ticket

    def events(self) -> list[tuple[Any, ...]]:
        """Percent, lateness in seconds, and whether the crossing is exact."""
        return self._db.execute(
            """
            select e.percent, extract(epoch from e.recorded_at - e.crossed_at)::float8,
                   e.crossed_at = t.entered_at + interval '1 minute'
            from sla.threshold_events e join helpdesk.tickets t using (tenant_id, ticket_id)
            """
        ).fetchall()

    def _row(self, query: str, *parameters: Any) -> tuple[Any, ...]:
        row = self._db.execute(query, parameters).fetchone()
        assert row is not None
        return row


@pytest.fixture
def promise(db: psycopg.Connection[Any], desk: Desk) -> Promise:
    return Promise(db, desk)


def next_fire_in(db: psycopg.Connection[Any]) -> float | None:
    row = db.execute("select extract(epoch from sla.next_fire_at() - now())::float8").fetchone()
    assert row is not None
    return row[0]


def test_nothing_to_wait_for(db) -> None:
    assert next_fire_in(db) is None
    assert Timer().step(db) == LOOK_SECONDS


def test_a_far_crossing_does_not_keep_it_from_looking(db, promise: Promise) -> None:
    promise.ticket(fires_in=30)
    assert 25 < next_fire_in(db) < 30
    assert Timer().step(db) == LOOK_SECONDS
    assert promise.events() == []


def test_a_near_crossing_is_waited_for_and_settled(db, promise: Promise) -> None:
    promise.ticket(fires_in=0.2)
    timer = Timer()
    wait = timer.step(db)
    assert 0 < wait <= 0.2
    time.sleep(wait)
    assert timer.step(db) == GAP_SECONDS
    ((percent, lateness, exact),) = promise.events()
    assert (percent, exact) == (WARNING_PERCENT, True)
    assert lateness >= 0


def test_a_ticket_that_is_held_does_not_make_it_spin(db, connect, promise: Promise) -> None:
    ticket = promise.ticket(fires_in=-1)
    application = connect(autocommit=False)
    application.execute("select from helpdesk.tickets where ticket_id = %s for update", [ticket])
    assert Timer().step(db) == LOOK_SECONDS
    assert promise.events() == []
    application.rollback()
    assert Timer().step(db) == GAP_SECONDS
    assert len(promise.events()) == 1


def test_a_ticket_that_cannot_be_settled_is_left_out_until_its_retry(db, promise: Promise) -> None:
    bad = promise.ticket(fires_in=-1)
    db.execute(
        """
        insert into sla.sweep_errors
            (tenant_id, ticket_id, first_failed_at, last_failed_at, retry_at, sqlstate, message)
        values (helpdesk.current_tenant(), %s, now(), now(), now() + interval '1 hour', 'XX000', 'broken')
        """,
        [bad],
    )
    assert next_fire_in(db) is None
    db.execute("update sla.sweep_errors set retry_at = now()")
    assert next_fire_in(db) < 0


def test_a_threshold_is_mailed_when_it_is_crossed(promise: Promise, sink: SmtpSink, listen: Listen) -> None:
    listener = listen("--timer", "--poll-seconds", "3600")
    listener.wait_for("timer: waiting")
    promise.ticket(fires_in=0.5)
    wait_until(lambda: sink.mails, "the mail of the warning")
    ((percent, lateness, exact),) = promise.events()
    assert (percent, exact) == (WARNING_PERCENT, True)
    assert lateness < 5, "the timer did it, not the five minutes of pg_cron"
    (mail,) = sink.mails
    assert str(mail["Subject"]).startswith("Ticket T1 has used 50 % of its resolution time")
    assert "1m of 2m was left at that moment." in mail.get_body(("plain",)).get_content()
    assert listener.stop() == 0


def test_a_timer_comes_back_to_its_database(db, promise: Promise, listen: Listen) -> None:
    listener = listen("--timer", SLAPG_SMTP_URL="", ready="timer: waiting")
    db.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'slapg listen' and datname = current_database()"
    )
    promise.ticket(fires_in=0.1)
    listener.wait_for("timer: lost the database")
    wait_until(promise.events, "settled after coming back")
    assert listener.stop() == 0


def test_once_sweeps_before_it_delivers(promise: Promise, sink: SmtpSink, listen: Listen) -> None:
    promise.ticket(fires_in=-1)
    listener = listen("--timer", "--once", ready="")
    assert listener.process.wait(20) == 0
    assert len(sink.mails) == 1


def test_slapg_sweep_says_what_it_did(db_url: str, promise: Promise) -> None:
    promise.ticket(fires_in=-1)
    run = CliRunner().invoke
    first = run(app, ["sweep", "--dsn", db_url])
    assert first.exit_code == 0
    assert first.stdout.startswith("clocks settled: 1, threshold events recorded: 1, tickets failed: 0, in ")
    assert run(app, ["sweep", "--dsn", db_url]).stdout == "nothing was due\n"
    assert len(promise.events()) == 1
