"""docs/delivery.md can be copied and run, with the servers that it names on the loopback."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.notifications.conftest import Answer, Slapg
from tests.notifier.smtp_sink import SmtpSink
from tests.notifier.web_sink import WebSink

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "delivery.md").read_text()
BLOCK = re.compile(r"^```(sh|sql|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEY = "whsec_" + base64.b64encode(b"a key that signs").decode()
SECRETS = {"SLAPG_SECRET_SMTP_PASSWORD": "hunter2", "SLAPG_SECRET_OPS_SIGNING": KEY}
MISSING = "nobody@nowhere.invalid"


class PickySink(SmtpSink):
    """Takes mail for everybody but the one whom the page says it refuses."""

    async def handle_RCPT(self, *arguments: Any) -> str:  # noqa: N802
        return "550 5.1.1 no such user" if MISSING in arguments else await super().handle_RCPT(*arguments)


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with PickySink(password="hunter2") as sink:
        yield sink


@pytest.fixture
def web() -> Iterator[WebSink]:
    with WebSink() as sink:
        yield sink


@pytest.fixture
def application(db: psycopg.Connection[Any], connect: Any) -> Iterator[psycopg.Connection[Any]]:
    """The login of a help desk that has an inbox."""
    role = f"application_{db.info.dbname}"
    db.execute(f"create role {role} login in role slapg_app, slapg_reader".encode())
    connection = connect(user=role)
    try:
        yield connection
    finally:
        connection.close()
        db.execute(f"drop role {role}".encode())


class Reader:
    """Somebody who copies each block of the page, in order; the inbox as an application."""

    def __init__(
        self, db: psycopg.Connection[Any], application: psycopg.Connection[Any], db_url: str, slapg: Slapg
    ) -> None:
        self._db = db
        self._application = application
        self._dsn = db_url
        self._slapg = slapg
        self.answers: list[tuple[str, Answer]] = []
        self.names: dict[str, Any] = {}

    def copy(self, kind: str, text: str) -> None:
        if kind == "sql":
            (self._application if "sla.unread_notifications" in text else self._db).execute(text.encode())
        elif kind == "python":
            exec(text, self.names)
        else:
            for command in text.splitlines():
                self._run(command)

    def _run(self, command: str) -> None:
        program, *words = shlex.split(command)
        assert program == "slapg"
        answer = self._listen(words) if words[0] == "listen" else self._slapg(*words, **SECRETS)
        assert answer.exit_code == 0, f"{command}: {answer.stdout}{answer.stderr}"
        self.answers.append((command, answer))

    def _listen(self, words: list[str]) -> Answer:
        """A process of its own, as it takes over signals and logs."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SLAPG_")}
        done = subprocess.run(
            [sys.executable, "-m", "slapg", *words],
            env=environment | SECRETS | {"SLAPG_DSN": self._dsn},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def all_said(self, beginning: str) -> list[str]:
        return [answer.stdout for command, answer in self.answers if command.startswith(beginning)]


def test_the_page_from_top_to_bottom(
    db: psycopg.Connection[Any],
    application: psycopg.Connection[Any],
    db_url: str,
    slapg: Slapg,
    mail: SmtpSink,
    web: WebSink,
) -> None:
    page = PAGE.replace("mail.example.com:587", f"127.0.0.1:{mail.port}")
    page = page.replace("https://hooks.example.com/sla", web.url)
    reader = Reader(db, application, db_url, slapg)
    blocks = BLOCK.findall(page)
    assert len(blocks) >= 15
    for kind, text in blocks:
        reader.copy(kind, text)

    _told(mail.mails)
    events = [reader.names["read"](request.body, request.headers, KEY) for request in web.requests]
    assert [event["data"]["ticket_number"] for event in events] == ["TEST", "T-2"]
    [shown] = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert _shape(json.loads(shown)) == _shape(events[1])
    first, dead = reader.all_said("slapg notifications list")[1:3]
    assert "550 5.1.1 no such user" in first
    assert "T-2" in dead
    assert reader.all_said("slapg notifications list")[-1] == "no notification is pending or dead\n"
    assert reader.all_said("slapg notifications retry") == ["1 notification will be tried again\n"]
    unread = db.execute("select u.name from sla.unread_notifications join helpdesk.users u using (user_id)")
    assert unread.fetchall() == [("Bea",)]
    said = "".join(answer.stdout + answer.stderr for _, answer in reader.answers)
    assert not [secret for secret in ("hunter2", KEY) if secret in said]


def _shape(value: Any) -> Any:
    """Keys and kinds of values, at any depth."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else type(value)


def _told(mails: list[EmailMessage]) -> None:
    """The test; the warning to Anna; the breach to Bea at once, and to Anna once she has an address again."""
    told = [(mail["To"].addresses[0].username, mail["Subject"]) for mail in mails]
    assert [whom for whom, _ in told] == ["anna", "anna", "bea", "anna"]
    assert "Test of the channel" in told[0][1]
    assert "Nobody can log in" in told[1][1]
    assert told[2][1].startswith("Too late: ")
    assert told[3][1].startswith("Too late: ")


def test_what_the_page_names_exists(db: psycopg.Connection[Any]) -> None:
    functions = set(re.findall(r"\bsla\.(set_\w+|remove_\w+|mark_\w+)", PAGE))
    known = {
        name for (name,) in db.execute("select proname from pg_proc where pronamespace = 'sla'::regnamespace")
    }
    assert functions - known == set()
    named = re.findall(r"\]\(([a-z-]+\.md)", PAGE)
    assert [page for page in named if not (Path("docs") / page).exists()] == []
