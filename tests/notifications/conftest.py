"""A desk whose outbox has something of everything, and the command line beside it."""

import json
import os
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from slapg.cli.app import app
from slapg.cli.options import console
from slapg.errors import SlapgError


class Answer:
    """What a command said, and its exit code."""

    def __init__(self, exit_code: int, stdout: str, stderr: str) -> None:
        self.exit_code = exit_code
        self.stdout = stdout
        self.stderr = stderr

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


Slapg = Callable[..., Answer]


@pytest.fixture
def slapg(db_url: str, monkeypatch: pytest.MonkeyPatch) -> Slapg:
    """Runs `slapg …` on the test's database: `slapg("notifications", "list", SLAPG_CHANNEL="email")`."""
    monkeypatch.setattr(
        console, "_width", 200
    )  # read from the environment once, when the module was imported

    def run(*words: str, **environment: str) -> Answer:
        known: dict[str, str | None] = {name: None for name in os.environ if name.startswith("SLAPG_")}
        done = CliRunner().invoke(app, words, env=known | {"SLAPG_DSN": db_url} | environment)
        error = done.exception
        if isinstance(error, SlapgError):
            return Answer(error.exit_code, done.stdout, f"{done.stderr}{error.message}\n{error.hint}\n")
        if isinstance(error, psycopg.Error):
            return Answer(1, done.stdout, f"{done.stderr}{error}")
        assert error is None or isinstance(error, SystemExit), done.exc_info
        return Answer(done.exit_code, done.stdout, done.stderr)

    return run


class Outbox:
    """Writes rows of the outbox and reads how they fare."""

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self.db = db
        db.execute(
            """
            insert into helpdesk.users (name, email) values ('Anna', 'anna@example.com');
            insert into helpdesk.tickets (ticket_number, title) values ('T-1', 'Printer on fire')
            """
        )

    def row(self, **columns: Any) -> int:
        """One more row for Anna about T-1: a pending warning by e-mail, unless said otherwise; its number."""
        usual = {
            "channel": "email",
            "template": "warning",
            "payload": json.dumps({"ticket_number": "T-1", "title": "Printer on fire", "percent": 75}),
            "state": "pending",
            "created_at": "2026-02-02 09:00+00",
        }
        names, values = zip(*(usual | columns).items(), strict=True)
        found = self.db.execute(
            f"""
            insert into sla.notifications (ticket_id, user_id, {", ".join(names)})
            select ticket_id, user_id, {", ".join(["%s"] * len(values))} from helpdesk.tickets, helpdesk.users
            returning notification_id
            """.encode(),
            values,
        ).fetchone()
        assert found is not None
        return int(found[0])

    def dead(self, error: str = "550 no such user", **columns: Any) -> int:
        return self.row(state="dead", attempts=3, last_error=error, **columns)

    def value(self, query: str, *parameters: Any) -> Any:
        found = self.db.execute(query.encode(), parameters).fetchone()
        assert found is not None
        return found[0]


@pytest.fixture
def outbox(db: psycopg.Connection[Any]) -> Outbox:
    return Outbox(db)
