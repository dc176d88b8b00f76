"""A desk with rows in the outbox, and real listener processes."""

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.notifier.smtp_sink import SmtpSink

Connect = Callable[..., psycopg.Connection[Any]]

SECONDS = 20
"""How long anything here may take before the test has failed."""

SENDER = "SLA desk <sla@desk.example>"


def wait_until(condition: Callable[[], Any], what: str) -> None:
    """Wait for something that another process does."""
    until = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < until, f"not within {SECONDS} s: {what}"
        time.sleep(0.02)


class Desk:
    """Writes tickets and notifications as the engine would, and reads how they fared."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self._db = db
        self._numbers = itertools.count(1)
        self.anna = self.user("Anna", "anna@example.com")

    def user(self, name: str, email: str | None) -> UUID:
        return self._value(
            "insert into helpdesk.users (name, email) values (%s, %s) returning user_id", name, email
        )

    def ticket(self, title: str = "Printer on fire") -> UUID:
        return self._value(
            """
            insert into helpdesk.tickets (ticket_number, title, entered_at) values (%s, %s, sla.now())
            returning ticket_id
            """,
            f"T{next(self._numbers)}",
            title,
        )

    def notification(
        self,
        ticket: UUID | None = None,
        *,
        user: UUID | None = None,
        channel: str = "email",
        due: str = "0 s",
    ) -> int:
        """One more row of the outbox, to be sent after `due`; its number."""
        return self._value(
            """
            insert into sla.notifications
                (ticket_id, user_id, channel, template, payload, created_at, next_attempt_at)
            select t.ticket_id, %s, %s, 'warning', jsonb_build_object('ticket_number', t.ticket_number),
                   sla.now(), sla.now() + %s::interval
            from helpdesk.tickets t where t.ticket_id = %s
            returning notification_id
            """,
            user or self.anna,
            channel,
            due,
            ticket or self.ticket(),
        )

    def channel(self, channel: str, kind: str, url: str) -> None:
        self._db.execute(
            "insert into sla.channels (channel, kind, url) values (%s, %s, %s)", [channel, kind, url]
        )

    def state(self, notification: int) -> str:
        return self._value("select state from sla.notifications where notification_id = %s", notification)

    def row(self, notification: int, columns: str) -> tuple[Any, ...]:
        row = self._db.execute(
            f"select {columns} from sla.notifications where notification_id = %s",
            [notification],
        ).fetchone()
        assert row is not None
        return row

    def end_leases(self) -> None:
        """As if the lease of everything claimed had run out."""
        self._db.execute("update sla.notifications set next_attempt_at = now() where state = 'pending'")

    def hint(self) -> None:
        self._db.execute("notify slapg")

    def _value(self, query: str, *parameters: Any) -> Any:
        row = self._db.execute(query, parameters).fetchone()
        assert row is not None
        return row[0]


class Listener:
    """A `slapg listen` of its own process."""

    def __init__(self, arguments: list[str], log: Path, environment: dict[str, str]) -> None:
        self._log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from slapg.cli.app import main; main()", "listen", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env=environment,
            )

    def log(self) -> str:
        return self._log.read_text()

    def wait_for(self, pattern: str) -> None:
        def told() -> bool:
            ended = self.process.poll()
            found = re.search(pattern, self.log())
            assert found or ended is None, f"ended with {ended}:\n{self.log()}"
            return found is not None

        wait_until(told, f"{pattern} in the log of the listener")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signal it and wait; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


class Listeners:
    """The listeners of one test, which end with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[Listener] = []

    def start(self, arguments: Sequence[str], settings: dict[str, str], ready: str) -> Listener:
        """One more, with these settings and none of the tester's own; waits until its log says ready."""
        known = {name: value for name, value in os.environ.items() if not name.startswith("SLAPG_")}
        log = self._folder / f"listener-{len(self._started)}.log"
        listener = Listener([*arguments], log, known | settings)
        self._started.append(listener)
        if ready:
            listener.wait_for(ready)
        return listener

    def end(self) -> None:
        """Kill them all; their logs are shown if the test fails."""
        for listener in self._started:
            listener.process.kill()
            listener.process.wait(SECONDS)
            print(listener.log())


Listen = Callable[..., Listener]


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    return Desk(db)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server that takes everything."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def listen(db_url: str, sink: SmtpSink, tmp_path: Path) -> Iterator[Listen]:
    """Starts a listener that mails to the sink, without a timer, and waits until it listens."""
    listeners = Listeners(tmp_path)

    def start(*arguments: str, ready: str = "relay: listening", **environment: str) -> Listener:
        known = {"SLAPG_DSN": db_url, "SLAPG_SMTP_URL": sink.url, "SLAPG_MAIL_FROM": SENDER}
        known |= {"SLAPG_TIMER": "false"}
        return listeners.start(arguments, known | environment, ready)

    yield start
    listeners.end()
