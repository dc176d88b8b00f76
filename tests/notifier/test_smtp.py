"""Conversations of the e-mail channel with a real SMTP server."""

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from slapg.errors import SlapgError
from slapg.notifier import DeliveryError, UnreachableError, smtp_session
from slapg.notifier.mail import EmailChannel
from slapg.notifier.smtp import SmtpServer
from tests.notifier.dripping import drip
from tests.notifier.mailing import channel_to
from tests.notifier.smtp_sink import HANG_UP, SmtpSink


@pytest.fixture
def channel(sink: SmtpSink) -> Iterator[EmailChannel]:
    channel = channel_to(sink.url)
    yield channel
    channel.close()


def test_one_conversation_carries_many_mails(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    for number in range(5):
        channel.send(notify(notification_id=number))
    channel.close()
    channel.send(notify())
    channel.close()
    assert len(sink.mails) == 6
    assert sink.conversations == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "permanent"), [("550 no such user", True), ("451 try later", False)])
def test_the_servers_no_is_told_in_its_words(
    sink: SmtpSink, channel: EmailChannel, notify, command: str, answer: str, permanent: bool
) -> None:
    sink.refuse(command, answer)
    with pytest.raises(DeliveryError, match=answer) as failure:
        channel.send(notify())
    assert failure.value.is_permanent is permanent
    assert not isinstance(failure.value, UnreachableError)
    channel.send(notify())  # the conversation goes on
    assert len(sink.mails) == 1
    assert sink.conversations == 1
    channel.close()


def test_a_server_that_hangs_up_is_called_again(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    channel.send(notify())
    sink.refuse("MAIL", "421 enough for one conversation")
    channel.send(notify())
    assert len(sink.mails) == 2
    assert sink.conversations == 2
    channel.close()


def test_a_server_that_keeps_hanging_up_is_out_of_order(
    sink: SmtpSink, channel: EmailChannel, notify
) -> None:
    sink.refuse("MAIL", "421 going down", times=3)
    with pytest.raises(UnreachableError, match="421 going down"):
        channel.send(notify())
    assert sink.conversations == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_server_that_hung_up_before_the_mail_is_called_again(
    sink: SmtpSink, channel: EmailChannel, notify, command: str
) -> None:
    channel.send(notify())
    sink.refuse(command, HANG_UP)
    channel.send(notify())
    assert (len(sink.mails), sink.conversations) == (2, 2)


@pytest.mark.parametrize("reused", [False, True])
def test_a_mail_that_the_server_may_have_is_not_sent_again_at_once(
    sink: SmtpSink, channel: EmailChannel, notify, reused: bool
) -> None:
    if reused:
        channel.send(notify())
    before = len(sink.mails)
    sink.refuse("DATA", HANG_UP)
    with pytest.raises(DeliveryError, match=r"closed|reset") as failure:
        channel.send(notify())
    assert type(failure.value) is DeliveryError
    assert not failure.value.is_permanent
    assert len(sink.mails) == before + 1
    channel.send(notify())
    assert len(sink.mails) == before + 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_hanging_up_on_a_mail_in_a_fresh_conversation_is_its_attempt(
    sink: SmtpSink, channel: EmailChannel, notify, command: str
) -> None:
    sink.refuse(command, HANG_UP)
    with pytest.raises(DeliveryError, match=r"closed|reset") as failure:
        channel.send(notify())
    assert type(failure.value) is DeliveryError, "a mail that makes a server hang up must end as dead"
    assert sink.conversations == 1


def test_a_server_that_does_not_answer_a_mail_takes_its_attempt(
    sink: SmtpSink, channel: EmailChannel, notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_session, "ANSWER_SECONDS", 0.2)
    sink.hold()
    with pytest.raises(DeliveryError, match="timed out") as failure:
        channel.send(notify())
    assert type(failure.value) is DeliveryError
    sink.let_go()


def test_a_slow_server_has_so_long_for_all_its_answers(
    sink: SmtpSink, channel: EmailChannel, notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_session, "SEND_SECONDS", 0.3)
    sink.hold()
    with pytest.raises(DeliveryError, match="timed out"):
        channel.send(notify())
    sink.let_go()


def test_a_server_that_answers_byte_by_byte_is_hung_up_on(notify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_session, "ANSWER_SECONDS", 0.4)
    with drip(b"220 " + b"x" * 10_000) as port:
        began = monotonic()
        with pytest.raises(UnreachableError, match=r"closed|not connected"):
            channel_to(f"smtp://127.0.0.1:{port}").send(notify())
        assert monotonic() - began < 5


def test_a_server_that_does_not_greet_is_out_of_order(notify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_session, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(UnreachableError, match="timed out"):
        channel_to(f"smtp://127.0.0.1:{silent.getsockname()[1]}").send(notify())


def test_threads_share_few_connections(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    with ThreadPoolExecutor(channel.concurrency) as threads:
        list(threads.map(lambda number: channel.send(notify(notification_id=number)), range(40)))
    assert len({mail["Message-ID"] for mail in sink.mails}) == 40
    assert sink.conversations <= channel.concurrency


def test_idle_connections_are_closed(
    sink: SmtpSink, channel: EmailChannel, notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.send(notify())
    monkeypatch.setattr(smtp_session, "IDLE_SECONDS", 0)
    channel.send(notify())
    assert sink.conversations == 2


def test_no_server_is_out_of_order(notify) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(UnreachableError, match=f"127.0.0.1:{port}: .*refused") as failure:
        channel_to(f"smtp://127.0.0.1:{port}").send(notify())
    assert not failure.value.is_permanent


def test_the_password_is_used(notify) -> None:
    with SmtpSink(password="s3cret/@") as sink:
        good = channel_to(f"smtp://anna:s3cret%2F%40@127.0.0.1:{sink.port}")
        good.send(notify())
        good.close()
        assert len(sink.mails) == 1
        with pytest.raises(UnreachableError, match="535") as failure:
            channel_to(f"smtp://anna:wrong@127.0.0.1:{sink.port}").send(notify())
        assert "wrong" not in str(failure.value)


@pytest.mark.parametrize("way", ["starttls", "implicit"])
def test_mail_goes_through_tls_with_a_password(
    self_signed: ssl.SSLContext, trusting: None, notify, way: str
) -> None:
    with SmtpSink(tls=self_signed, password="hush", is_implicit=way == "implicit") as sink:
        url = {
            "starttls": f"smtp://anna:hush@127.0.0.1:{sink.port}/?starttls=always",
            "implicit": f"smtps://anna:hush@127.0.0.1:{sink.port}",
        }[way]
        channel = channel_to(url)
        channel.send(notify())
        channel.send(notify())
        channel.close()
        assert (len(sink.mails), sink.conversations) == (2, 1)
        assert sink.was_encrypted == [True, True]


def test_tls_from_the_start_verifies_too(self_signed: ssl.SSLContext, notify) -> None:
    with SmtpSink(tls=self_signed, is_implicit=True) as sink:
        with pytest.raises(UnreachableError, match="certificate"):
            channel_to(f"smtps://127.0.0.1:{sink.port}").send(notify())
        assert sink.mails == []


def test_tls_verifies_whom_it_talks_to(self_signed: ssl.SSLContext, notify) -> None:
    with SmtpSink(tls=self_signed) as sink:
        with pytest.raises(UnreachableError, match="certificate"):
            channel_to(f"{sink.url}/?starttls=always").send(notify())
        local = channel_to(sink.url)  # on this machine nobody listens
        local.send(notify())
        local.close()
        assert len(sink.mails) == 1


def test_tls_that_is_asked_for_is_not_done_without(sink: SmtpSink, notify) -> None:
    with pytest.raises(UnreachableError, match="STARTTLS"):
        channel_to(f"{sink.url}/?starttls=always").send(notify())
    assert sink.mails == []


@pytest.mark.parametrize(
    ("url", "host", "port", "starttls"),
    [
        ("smtp://mail.example", "mail.example", 25, "auto"),
        ("smtp://u:p@mail.example", "mail.example", 587, "auto"),
        ("smtp://u:p@mail.example:2525/?starttls=always", "mail.example", 2525, "always"),
        ("smtps://mail.example", "mail.example", 465, "auto"),
        ("smtp://[::1]:2525", "::1", 2525, "auto"),
    ],
)
def test_a_url_names_a_server(url: str, host: str, port: int, starttls: str) -> None:
    server = SmtpServer.from_url(url)
    assert (server.host, server.port, server.starttls) == (host, port, starttls)


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://u:hush@mail.example", "smtp://u:hush@mail.example/?starttls=maybe",
     "smtp://u:hush@mail.example/?tls=yes", "smtp://u:hush@:25", "smtp://u:hush@mail.example:port"],
)  # fmt: skip
def test_a_bad_url_is_wrong_use_and_keeps_its_password(url: str) -> None:
    with pytest.raises(SlapgError, match="the SMTP URL cannot be read") as failure:
        SmtpServer.from_url(url)
    assert failure.value.exit_code == 2
    assert "hush" not in f"{failure.value.message}{failure.value.hint}"
