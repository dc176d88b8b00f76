"""Logs of the listener, as a process writes them."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from slapg.listener.logs import about
from slapg.notifier import Notification

PROGRAM = """
import logging, sys
from slapg.listener.logs import set_up_logging

class Redact(logging.Filter):
    def filter(self, record):
        record.msg = str(record.msg).replace("hunter2", "***")
        return True

set_up_logging(sys.argv[1], [Redact()])
log = logging.getLogger("slapg.listener.relay")
log.info("sent to Zoë with hunter2", extra={"notification_id": 7, "kind": "email", "outcome": "sent"})
logging.getLogger("urllib3.connectionpool").warning("retrying https://hooks.example/secret")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("channel broke down")
"""


def _lines(log_format: str, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, log_format],
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_json_is_one_document_a_line_with_the_fields_of_the_page() -> None:
    sent, broken = [json.loads(line) for line in _lines("json")]
    assert datetime.fromisoformat(sent.pop("time")).utcoffset() is not None
    assert sent == {
        "level": "INFO",
        "part": "MainThread",
        "logger": "slapg.listener.relay",
        "message": "sent to Zoë with ***",
        "notification_id": 7,
        "kind": "email",
        "outcome": "sent",
    }
    assert broken["level"] == "ERROR"
    assert "ZeroDivisionError" in broken["exception"]


def test_text_is_for_people() -> None:
    sent, broken, *trace = _lines("text")
    assert sent.endswith(" INFO sent to Zoë with ***")
    assert broken.endswith(" ERROR channel broke down")
    assert trace[-1] == "ZeroDivisionError: division by zero"


def test_text_in_the_journal_has_its_levels_and_no_second_time(tmp_path: Path) -> None:
    log = tmp_path / "journal"
    with log.open("w") as stream:
        status = os.fstat(stream.fileno())
        environment = os.environ | {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        subprocess.run([sys.executable, "-c", PROGRAM, "text"], env=environment, stderr=stream, check=True)
    sent, *broken = log.read_text().splitlines()
    assert sent == "<6>sent to Zoë with ***"
    assert broken[0] == "<3>channel broke down"
    assert all(line.startswith("<3>") for line in broken)


@pytest.mark.parametrize(
    ("payload", "ticket"),
    [({"ticket_number": "INC-9"}, "INC-9"), ({}, "00000000-0000-0000-0000-000000000003")],
)
def test_what_a_record_about_a_delivery_carries(payload: dict[str, Any], ticket: str) -> None:
    notification = Notification(
        tenant_id=UUID(int=1),
        notification_id=7,
        ticket_id=UUID(int=3),
        event_id=None,
        user_id=None,
        channel="pager",
        kind="webhook",
        template="breach",
        payload=payload,
        attempt=2,
        created_at=datetime.fromisoformat("2026-03-02T09:00:00Z"),
        recipient_name=None,
        recipient_email=None,
        locale="en",
        url="https://hooks.example/${env:TOKEN}",
        sender=None,
        signing_secret=None,
        config_version=1,
    )
    assert about(notification, "failed") == {
        "notification_id": 7,
        "ticket": ticket,
        "kind": "webhook",
        "channel": "pager",
        "outcome": "failed",
        "attempt": 2,
    }
