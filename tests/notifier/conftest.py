"""A mail server, and a notification to send."""

import ssl
import subprocess
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from slapg.notifier import Notification
from tests.notifier.smtp_sink import SmtpSink

PAYLOAD: dict[str, Any] = {
    "ticket_number": "1234",
    "title": "Printer on fire",
    "metric": "resolution",
    "cycle": 1,
    "percent": 75,
    "kind": "warning",
    "started_at": "2026-03-03T09:30:00+00:00",
    "crossed_at": "2026-03-03T12:30:00+00:00",
    "due_at": "2026-03-03T13:30:00+00:00",
    "target_minutes": 240,
    "policy": "Gold",
    "priority": "High",
    "client": "Acme",
    "board": "Support",
    "assigned_to": "Anna",
    "escalation_level": None,
    "completed_at": None,
    "met": None,
    "timezone": "Europe/Amsterdam",
}


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server that takes everything."""
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def notify() -> Callable[..., Notification]:
    """Makes a notification; keywords replace its parts."""

    def make(template: str = "warning", payload: dict[str, Any] | None = None, **parts: Any) -> Notification:
        known: dict[str, Any] = {
            "tenant_id": uuid.UUID(int=1),
            "notification_id": 7,
            "ticket_id": uuid.UUID(int=2),
            "event_id": 5,
            "user_id": uuid.UUID(int=3),
            "channel": "email",
            "kind": "email",
            "attempt": 1,
            "created_at": datetime(2026, 3, 3, 12, 30, 1, tzinfo=UTC),
            "locale": "en",
            "url": None,
            "sender": None,
            "signing_secret": None,
            "config_version": 1,
            "recipient_name": "Anna",
            "recipient_email": "anna@example.com",
        }
        said = PAYLOAD if payload is None else payload
        return Notification(**(known | {"template": template, "payload": said} | parts))

    return make


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with cert.pem and key.pem of 127.0.0.1, signed by nobody else."""
    folder: Path = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "1",
         "-subj", "/CN=sink", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def self_signed(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


@pytest.fixture
def trusting(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if that certificate were an authority's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
