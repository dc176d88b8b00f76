"""`slapg verify`: all tickets or one, exit code 1 when something differs."""

import json
import subprocess
import sys

import pytest

from slapg.verify import verify as module
from slapg.verify import verify_all
from tests.engine.desk import Desk


def slapg(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "slapg", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def tampered(desk: Desk) -> Desk:
    """Three tickets that were answered; the response of A2 is said to have been due an hour later."""
    desk.at("Mon 09:00")
    for number in ("A1", "A2", "A3"):
        desk.reply(desk.enter(ticket_number=number))
    desk.db.execute(
        "update sla.clocks c set due_at = due_at + interval '1 hour' from helpdesk.tickets t "
        "where t.ticket_id = c.ticket_id and t.ticket_number = 'A2' and c.metric = 'response'"
    )
    return desk


def test_all_tickets(tampered: Desk, db_url: str) -> None:
    answer = slapg("verify", "--dsn", db_url)
    assert answer.returncode == 1, answer.stderr
    assert answer.stdout.splitlines() == [
        "A2  response 1: due_at: 2026-02-02 10:00:00+00:00 is recorded, its history says "
        "2026-02-02 09:00:00+00:00",
        "tickets verified: 3, differing: 1",
    ]


def test_one_ticket(tampered: Desk, db_url: str) -> None:
    sound = slapg("verify", "A1", "--dsn", db_url)
    assert (sound.returncode, sound.stdout) == (
        0,
        "tickets verified: 1, nothing differs from their history\n",
    )
    assert slapg("verify", "A2", "--dsn", db_url).returncode == 1


def test_json(tampered: Desk, db_url: str) -> None:
    answer = slapg("verify", "--json", "--dsn", db_url)
    found = json.loads(answer.stdout)
    assert (found["tickets"], found["tickets_differing"], answer.returncode) == (3, 1, 1)
    [difference] = found["differences"]
    assert (difference["ticket_number"], difference["what"]) == ("A2", "due_at")


def test_an_unknown_ticket(tampered: Desk, db_url: str) -> None:
    answer = slapg("verify", "A9", "--dsn", db_url)
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: there is no ticket A9")


def test_batch_after_batch(tampered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_SIZE", 2)
    batches = [(batch.tickets, len(batch.differences)) for batch in verify_all(tampered.db)]
    assert [tickets for tickets, _ in batches] == [2, 1]
    assert sum(differences for _, differences in batches) == 1
