"""`slapg channel test`: a real message to real servers on the loopback."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from tests.notifications.conftest import Slapg
from tests.notifier.smtp_sink import SmtpSink
from tests.notifier.web_sink import WebSink

KEY = "whsec_" + base64.b64encode(b"a key that signs").decode()


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with SmtpSink(password="p@ss/word") as sink:
        yield sink


@pytest.fixture
def web() -> Iterator[WebSink]:
    with WebSink() as sink:
        yield sink


def test_mail_through_the_tenants_own_server(slapg: Slapg, mail: SmtpSink) -> None:
    url = f"smtp://desk:${{env:MAIL}}@127.0.0.1:{mail.port}/"
    slapg("channel", "set", "email", "--kind", "email", "--url", url, "--sender", "SLA <sla@example.com>")
    answer = slapg("channel", "test", "email", "--to", "anna@example.com", SLAPG_SECRET_MAIL="p@ss/word")
    assert (answer.exit_code, answer.stdout) == (0, "channel email works: the message was accepted\n")
    [message] = mail.mails
    assert (message["To"], message["From"]) == ("anna@example.com", "SLA <sla@example.com>")
    assert "Test of the channel" in message["Subject"]


def test_mail_through_the_listeners_server(slapg: Slapg) -> None:
    with SmtpSink() as sink:
        options = {"SLAPG_SMTP_URL": sink.url, "SLAPG_MAIL_FROM": "sla@example.com"}
        assert slapg("channel", "test", "email", "--to", "anna@example.com", **options).exit_code == 0
        assert len(sink.mails) == 1


def test_mail_wants_an_address(slapg: Slapg) -> None:
    assert slapg("channel", "test", "email").exit_code == 2


def test_a_refusal_is_told(slapg: Slapg, mail: SmtpSink) -> None:
    url = f"smtp://desk:${{env:MAIL}}@127.0.0.1:{mail.port}/"
    slapg("channel", "set", "email", "--kind", "email", "--url", url, "--sender", "sla@example.com")
    mail.refuse("RCPT", "550 no such user, p@ss/word")
    options = ("channel", "test", "email", "--to", "anna@example.com")
    refused = slapg(*options, SLAPG_SECRET_MAIL="p@ss/word")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("channel email does not work: 550 no such user, ***")
    wrong = slapg(*options, SLAPG_SECRET_MAIL="hunter2")
    assert wrong.exit_code == 1
    assert "login" in wrong.stderr
    assert "hunter2" not in wrong.stdout + wrong.stderr
    missing = slapg(*options)
    assert missing.exit_code == 1
    assert "SLAPG_SECRET_MAIL" in missing.stderr


def test_a_signed_webhook(slapg: Slapg, web: WebSink, tmp_path: Path) -> None:
    (tmp_path / "ops").write_text(KEY + "\n")
    options = ("--url", web.url, "--signing-secret", "${file:ops}")
    slapg("channel", "set", "ops", "--kind", "webhook", *options, "--disabled")
    answer = slapg("channel", "test", "ops", "--secrets-dir", str(tmp_path))
    assert answer.exit_code == 0, answer.stderr
    [request] = web.requests
    assert Webhook(KEY).verify(request.body, request.headers) == json.loads(request.body)
    assert json.loads(request.body)["data"]["ticket_number"] == "TEST"


def test_a_webhook_that_is_not_there(slapg: Slapg, web: WebSink) -> None:
    slapg("channel", "set", "ops", "--kind", "webhook", "--url", web.url)
    web.answer(404, b"no such hook")
    assert "404" in slapg("channel", "test", "ops").stderr
    slapg("channel", "set", "ops", "--url", "http://127.0.0.1:1/")
    answer = slapg("channel", "test", "ops")
    assert answer.exit_code == 1
    assert "127.0.0.1:1" in answer.stderr


def test_a_chat(slapg: Slapg, web: WebSink) -> None:
    slapg("channel", "set", "chat", "--kind", "apprise", "--url", "${env:CHAT}")
    url = web.url.replace("http:", "json:")
    answer = slapg("channel", "test", "chat", SLAPG_SECRET_CHAT=url)
    assert answer.exit_code == 0, answer.stderr
    assert "TEST" in json.loads(web.requests[0].body)["title"]
    web.answer(403, b"not here")
    refused = slapg("channel", "test", "chat", SLAPG_SECRET_CHAT=url)
    assert refused.exit_code == 1
    assert url not in refused.stdout + refused.stderr


def test_two_tests_are_two_messages(slapg: Slapg, web: WebSink) -> None:
    slapg("channel", "set", "ops", "--kind", "webhook", "--url", web.url)
    slapg("channel", "test", "ops")
    slapg("channel", "test", "ops")
    assert len({request.headers["webhook-id"] for request in web.requests}) == 2


def test_what_cannot_be_tested(slapg: Slapg) -> None:
    assert slapg("channel", "test", "in_app").exit_code == 2
    assert slapg("channel", "test", "pager").exit_code == 1
