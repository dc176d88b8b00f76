"""The e-mail channel, against a real SMTP server."""

import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from slapg.errors import SlapgError
from slapg.notifier import DeliveryError, UnreachableError
from slapg.notifier.mail import EmailChannel, compose, read_sender
from slapg.notifier.smtp import SmtpServer
from tests.notifier.smtp_sink import SmtpSink

SENDER = read_sender("SLA desk <sla@desk.example>")


def channel_to(url: str) -> EmailChannel:
    return EmailChannel(SmtpServer.from_url(url), SENDER)


@pytest.fixture
def channel(sink: SmtpSink) -> EmailChannel:
    return channel_to(sink.url)


def test_a_mail_has_a_text_and_a_page(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    channel.send(notify(recipient_name="Müller, Ännchen"))
    (mail,) = sink.mails
    assert mail["Subject"] == "Ticket 1234 has used 75 % of its resolution time: Printer on fire"
    assert mail["From"] == "SLA desk <sla@desk.example>"
    assert mail["To"].addresses[0].display_name == "Müller, Ännchen"
    assert mail["To"].addresses[0].addr_spec == "anna@example.com"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "Hello Müller, Ännchen," in mail.get_body(("plain",)).get_content()
    assert "<table" in mail.get_body(("html",)).get_content()
    channel.close()


def test_every_attempt_has_the_same_message_id(notify) -> None:
    first, again, other = (
        compose(n, SENDER) for n in (notify(), notify(attempt=2), notify(notification_id=8))
    )
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["References"] == other["References"], "mails of one ticket belong together"


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


def test_no_server_is_out_of_order(notify) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(UnreachableError, match=f"127.0.0.1:{port}: .*refused") as failure:
        channel_to(f"smtp://127.0.0.1:{port}").send(notify())
    assert not failure.value.is_permanent


@pytest.mark.parametrize(
    "address", [None, " ", "anna", "anna@", "a b@example.com", "a@example.com\nBcc: x@y"]
)
def test_nobody_to_send_to_is_final(
    channel: EmailChannel, sink: SmtpSink, notify, address: str | None
) -> None:
    with pytest.raises(DeliveryError, match="address") as failure:
        channel.send(notify(recipient_email=address))
    assert failure.value.is_permanent
    assert sink.conversations == 0


def test_the_password_is_used(notify) -> None:
    with SmtpSink(password="s3cret/@") as sink:
        good = channel_to(f"smtp://anna:s3cret%2F%40@127.0.0.1:{sink.port}")
        good.send(notify())
        good.close()
        assert len(sink.mails) == 1
        with pytest.raises(UnreachableError, match="535") as failure:
            channel_to(f"smtp://anna:wrong@127.0.0.1:{sink.port}").send(notify())
        assert "wrong" not in str(failure.value)


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "1", "-subj", "/CN=sink"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


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


@pytest.mark.parametrize("text", ["", "SLA desk", "SLA desk <sla>", "@desk.example"])
def test_a_sender_without_an_address_is_wrong_use(text: str) -> None:
    with pytest.raises(SlapgError, match="no mail address to send from") as failure:
        read_sender(text)
    assert failure.value.exit_code == 2
