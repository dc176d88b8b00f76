"""All channels together: which there are, and that none of them tells a secret."""

import logging
import socket
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from slapg.notifier import Channel, DeliveryError, Notification
from slapg.notifier.channels import KINDS, open_channels
from slapg.notifier.mail import MailDefaults, read_sender
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import RedactingFilter, Secrets
from slapg.notifier.smtp import SmtpServer
from tests.notifier.redis_server import RedisServer
from tests.notifier.smtp_sink import SmtpSink
from tests.notifier.web_sink import WebSink

HUSH = "Hush:p@ss/w?rd"


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    (tmp_path / "HUSH").write_text(HUSH)
    return Secrets({"SLAPG_SECRET_HUSH": HUSH}, tmp_path)


@pytest.fixture
def channels(secrets: Secrets) -> Iterator[dict[str, Channel]]:
    mail = MailDefaults(None, read_sender("sla@desk.example"))
    channels = open_channels(mail, secrets, Renderer())
    yield {channel.kind: channel for channel in channels}
    for channel in channels:
        channel.close()


@pytest.fixture
def log(secrets: Secrets) -> Iterator[StringIO]:
    """What a listener would write into its log, and more: down to debug."""
    text, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(text), root.level
    handler.addFilter(RedactingFilter(secrets))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return closed.getsockname()[1]


def failure_of(channel: Channel, notification: Notification) -> DeliveryError:
    with pytest.raises(DeliveryError) as failure:
        channel.send(notification)
    return failure.value


def assert_hidden(said: str) -> None:
    for form in (HUSH, "p@ss", "p%40ss", "w?rd", "w%3Frd", "Hush"):
        assert form not in said


def test_each_kind_is_served_by_one_channel(secrets: Secrets) -> None:
    assert tuple(channel.kind for channel in open_channels(None, secrets, Renderer())) == KINDS
    some = open_channels(None, secrets, Renderer(), ["redis", "email"])
    assert [(channel.kind, channel.concurrency) for channel in some] == [("email", 4), ("redis", 4)]


@pytest.mark.parametrize("way", ["env", "file"])
@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("email", "smtp://u:{hush}@127.0.0.1:{port}"),
        ("email", "smtps://u:{hush}@127.0.0.1:{port}"),
        ("webhook", "http://u:{hush}@127.0.0.1:{port}/?token={hush}"),
        ("webhook", "https://127.0.0.1:{port}/{hush}"),
        ("apprise", "json://u:{hush}@127.0.0.1:{port}/{hush}?-token={hush}"),
        ("apprise", "nonsense://{hush}"),
        ("apprise", "slack://{hush}"),
        ("redis", "redis://u:{hush}@127.0.0.1:{port}"),
        ("redis", "redis://127.0.0.1:{port}/{hush}?stream={hush}"),
    ],
)
def test_a_channel_that_fails_tells_no_secret(
    channels: dict[str, Channel], log: StringIO, closed_port: int, notify, kind, url, way
) -> None:
    reference = f"${{{way}:HUSH}}"
    notification = notify(
        kind=kind, url=url.format(hush=reference, port=closed_port), signing_secret=reference
    )
    error = failure_of(channels[kind], notification)
    assert_hidden(f"{error} {error!r} {error.__cause__!r} {notification} {log.getvalue()}")
    assert HUSH not in f"{error.__context__!r}"


def test_a_server_that_repeats_a_secret_is_not_quoted(
    channels: dict[str, Channel], log: StringIO, notify
) -> None:
    with WebSink() as web:
        web.answer(400, f"no such token: {HUSH}".encode())
        error = failure_of(channels["webhook"], notify(url=f"{web.url}?token=${{env:HUSH}}"))
    assert str(error) == "HTTP 400 Bad Request: no such token: ***"
    with SmtpSink(password=HUSH) as sink:
        sink.refuse("RCPT", f"550 not with {HUSH}")
        error = failure_of(channels["email"], notify(url=f"smtp://u:${{env:HUSH}}@127.0.0.1:{sink.port}"))
    assert str(error) == "550 not with ***"
    assert error.is_permanent
    assert_hidden(log.getvalue())


def test_a_wrong_password_is_not_told(
    channels: dict[str, Channel], log: StringIO, notify, tmp_path: Path
) -> None:
    with SmtpSink(password="another") as sink, RedisServer(tmp_path, "another") as redis:
        for kind, scheme, port in (("email", "smtp", sink.port), ("redis", "redis", redis.port)):
            error = failure_of(channels[kind], notify(url=f"{scheme}://u:${{env:HUSH}}@127.0.0.1:{port}"))
            assert_hidden(f"{error} {log.getvalue()}")


def test_the_listeners_own_password_is_hidden_too(secrets: Secrets, log: StringIO, notify) -> None:
    with SmtpSink(password="Default-Hush") as sink:
        server = SmtpServer.from_url(f"smtp://u:Default-Hush@127.0.0.1:{sink.port}")
        mail = MailDefaults(server, read_sender("sla@desk.example"))
        (channel,) = open_channels(mail, secrets, Renderer(), ["email"])
        sink.refuse("RCPT", "550 Default-Hush")
        assert str(failure_of(channel, notify())) == "550 ***"
    assert "Default-Hush" not in f"{log.getvalue()} {mail!r}"


def test_what_nobody_foresaw_is_told_without_secrets(
    channels: dict[str, Channel], secrets: Secrets, log: StringIO, notify
) -> None:
    secrets.hide(HUSH)
    broken = notify(kind="webhook", url="http://127.0.0.1/", payload={HUSH: object()})
    error = failure_of(channels["webhook"], broken)
    assert str(error).startswith("TypeError: Object of type object is not JSON serializable")
    assert not error.is_permanent
    assert "channel webhook broke down on notification 7" in log.getvalue()
    assert_hidden(log.getvalue())


def test_a_template_that_failed_is_remarked_on(secrets: Secrets, notify, tmp_path: Path) -> None:
    rows = [("warning", "", "{{ 1 / 0 }}")]
    with SmtpSink() as sink:
        mail = MailDefaults(SmtpServer.from_url(sink.url), read_sender("sla@desk.example"))
        (channel,) = open_channels(mail, secrets, Renderer(load_rows=lambda _: rows), ["email"])
        remark = channel.send(notify())
        channel.close()
    assert remark is not None
    assert "warning" in remark
    assert "Printer on fire" in sink.mails[0]["Subject"]
