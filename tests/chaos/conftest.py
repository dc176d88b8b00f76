"""Desks that write much, and listeners that may be killed at any moment."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.chaos.mail_sink import RudeSmtpSink
from tests.chaos.webhook_sink import WebhookSink
from tests.listener.conftest import SENDER, Desk, Listener, Listeners

SECONDS = 120
"""How long anything here may take before the test has failed; machines that run tests may be busy."""

BACKENDS_SQL = """
select count(*) from pg_stat_activity
where starts_with(application_name, 'slapg listen') and datname = current_database()
"""

Start = Callable[..., Listener]


def wait_until(condition: Callable[[], Any], what: str) -> None:
    """Wait for something that another process does."""
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, f"not within {SECONDS} s: {what}"
        time.sleep(0.02)


class BusyDesk(Desk):
    """A desk whose tickets are told of by the hundred."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        super().__init__(db)
        self.db = db

    def webhook(self, url: str) -> None:
        """The channel `hook` of the tenant."""
        self.db.execute("insert into sla.channels (channel, kind, url) values ('hook', 'webhook', %s)", [url])

    def separate_mails(self) -> None:
        """No digests: each notification is a message that can be counted."""
        self.db.execute("update sla.settings set digest_after = null")

    def notifications(
        self, tickets: int, each: int = 1, channel: str = "hook", title: str = "Printer on fire"
    ) -> list[int]:
        """So many tickets with so many notifications each, one right after the other; their numbers.

        On the channel `email` each ticket has a recipient of its own.
        """
        made = self.db.execute(
            """
            with made as (
                insert into helpdesk.tickets (title, entered_at)
                select %s, sla.now() - n * interval '1 ms' from generate_series(1, %s) n
                returning ticket_id, ticket_number
            )
            insert into helpdesk.users (user_id, name, email)
            select ticket_id, 'Agent ' || ticket_number, 'agent' || ticket_number || '@desk.example' from made
            returning user_id
            """,
            [title, tickets],
        ).fetchall()
        rows = self.db.execute(
            """
            insert into sla.notifications
                (ticket_id, user_id, channel, template, payload, created_at, next_attempt_at)
            select t.ticket_id, case when %(channel)s = 'email' then t.ticket_id end, %(channel)s, 'warning',
                   jsonb_build_object('ticket_number', t.ticket_number, 'title', t.title, 'percent', n,
                                      'metric', 'resolution', 'crossed_at', sla.now()),
                   sla.now(), sla.now()
            from generate_series(1, %(each)s) n, helpdesk.tickets t
            where t.ticket_id = any (%(made)s)
            order by t.ticket_id, n
            returning notification_id
            """,
            {"channel": channel, "each": each, "made": [ticket for (ticket,) in made]},
        ).fetchall()
        self.hint()
        return [number for (number,) in rows]

    def end_leases(self) -> None:
        """As if the leases of all that listeners have claimed had run out; no listener may live."""
        wait_until(lambda: not self._value(BACKENDS_SQL), "the backends of dead listeners have noticed")
        self.db.execute(
            "update sla.notifications set next_attempt_at = now()"
            " where state = 'pending' and claimed_at is not null"
        )

    def count(self, state: str) -> int:
        return self._value("select count(*)::integer from sla.notifications where state = %s", state)

    def all_sent(self) -> bool:
        return self._value("select not exists (select from sla.notifications where state <> 'sent')")


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> BusyDesk:
    return BusyDesk(db)


@pytest.fixture
def hook() -> Iterator[WebhookSink]:
    """A web server that takes everything."""
    with WebhookSink() as sink:
        yield sink


@pytest.fixture
def mail() -> Iterator[RudeSmtpSink]:
    """A mail server that takes everything, until it is told to be rude."""
    with RudeSmtpSink() as sink:
        yield sink


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a listener of a database, without a timer unless told otherwise."""
    listeners = Listeners(tmp_path)

    def start_one(
        dsn: str, *arguments: str, mail_url: str = "", ready: str = "listening", **environment: str
    ) -> Listener:
        known = {"SLAPG_DSN": dsn, "SLAPG_SMTP_URL": mail_url, "SLAPG_MAIL_FROM": SENDER if mail_url else ""}
        known |= {
            "SLAPG_TIMER": "false",
            "SLAPG_POLL_SECONDS": "0.2",
            "SLAPG_LEASE_SECONDS": "10",  # of a claim whose answer is lost with its connection
        }
        return listeners.start(arguments, known | environment, ready)

    yield start_one
    listeners.end()
