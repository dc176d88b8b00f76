"""Mails: what they say, to whom, and which belong together; read as a real SMTP server got them."""

import dataclasses
import uuid
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest

from slapg.errors import SlapgError
from slapg.notifier import DeliveryError, Notification, UnreachableError
from slapg.notifier.mail import EmailChannel, MailDefaults, compose, read_sender
from slapg.notifier.render import Message as Words
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import Secrets
from slapg.notifier.smtp import SmtpServer
from tests.notifier.conftest import PAYLOAD
from tests.notifier.mailing import SENDER, channel_to
from tests.notifier.smtp_sink import SmtpSink


@pytest.fixture
def channel(sink: SmtpSink) -> Iterator[EmailChannel]:
    channel = channel_to(sink.url)
    yield channel
    channel.close()


def sent(sink: SmtpSink, channel: EmailChannel, notification: Notification) -> EmailMessage:
    """The mail as it arrived."""
    channel.send(notification)
    return sink.mails[-1]


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


def test_a_domain_in_other_letters_is_reached(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    mail = sent(sink, channel, notify(recipient_email="anna@müller.example", sender="desk@grün.example"))
    assert mail["To"].addresses[0].addr_spec == "anna@xn--mller-kva.example"
    assert mail["From"] == "desk@xn--grn-ioa.example"


@pytest.mark.parametrize(
    "name",
    [
        "Müller, Änn-Kathrin " * 5,
        "Müller <a@b>",
        'O"Neil (ops), "the" <x>',
        "Ben",
        "x" * 200,
        "Zoë\r\nBcc: y@example.com",
    ],
)
def test_names_and_titles_of_any_kind_arrive_as_they_are(
    sink: SmtpSink, channel: EmailChannel, notify, name: str
) -> None:
    payload = PAYLOAD | {"title": f"€ {name}"[:60]}
    notification = notify(recipient_name=name, payload=payload)
    mail = sent(sink, channel, notification)
    # Not the parsed header: Python before 3.13 leaves blanks between its encoded words.
    told, address = parseaddr(dict(mail.raw_items())["To"])
    assert str(make_header(decode_header(told))) == " ".join(name.split())
    assert address == "anna@example.com"
    assert mail["Subject"] == Renderer().render(notification).subject
    assert mail["Bcc"] is None
    assert all(line.isascii() and len(line) < 998 for line in mail.as_bytes().splitlines())


def test_texts_of_any_kind_arrive_as_they_are(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    client = "= . =3D\tÄ € 😀 " + "x" * 2000
    notification = notify(payload=PAYLOAD | {"client": client, "due_at": None})
    mail = sent(sink, channel, notification)
    said = Renderer().render(notification)
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == said.text
    assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == said.html


@pytest.mark.parametrize("line", [".", "..", "From me", "trailing  ", "\ttab", "=", "", "Ä" * 100])
def test_lines_of_any_kind_arrive_as_they_are(notify, line: str) -> None:
    text = f"a\n{line}\nb\n{line}"
    message = Words("s", text, text)
    mail = compose(notify(), message, SENDER, SENDER).as_bytes()
    read = message_from_bytes(mail, policy=policy.default)
    assert [part.get_content() for part in read.iter_parts()] == [text, text]


def test_every_attempt_has_the_same_message_id(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    first, again, other = (
        sent(sink, channel, n) for n in (notify(), notify(attempt=2), notify(notification_id=8))
    )
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]


def test_mails_of_a_ticket_answer_one_message(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    one, two, other = (
        sent(sink, channel, n)
        for n in (notify(), notify("breach", notification_id=8), notify(ticket_id=uuid.UUID(int=9)))
    )
    assert one["References"] == one["In-Reply-To"] == two["References"] != other["References"]
    assert one["References"] != one["Message-ID"]


def test_digests_of_a_person_answer_one_message(sink: SmtpSink, channel: EmailChannel, notify) -> None:
    def digest(number: int, user: int) -> Notification:
        of = {"user_id": uuid.UUID(int=user)}
        tickets = tuple(
            notify(notification_id=number + i, ticket_id=uuid.UUID(int=i), **of) for i in range(3)
        )
        return notify("digest", {}, notification_id=number, digest_id=number, members=tickets, **of)

    first, second, foreign = (sent(sink, channel, digest(*n)) for n in ((10, 1), (20, 1), (30, 2)))
    assert first["References"] == second["References"] != foreign["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["References"] != sent(sink, channel, notify())["References"]


def test_a_tenant_has_a_server_and_a_sender_of_its_own(channel: EmailChannel, sink: SmtpSink, notify) -> None:
    with SmtpSink(password="p@ss/w%rd") as own:
        secrets = Secrets({"SLAPG_SECRET_MAIL": "p@ss/w%rd"})
        url = f"smtp://desk:${{env:MAIL}}@127.0.0.1:{own.port}"
        channel = EmailChannel(MailDefaults(SmtpServer.from_url(sink.url), SENDER), secrets, Renderer())
        channel.send(notify(url=url, sender="Acme <help@acme.example>"))
        channel.send(notify(url=url))
        channel.send(notify())
        channel.close()
    assert [mail["From"] for mail in own.mails] == ["Acme <help@acme.example>", str(SENDER)]
    assert own.mails[0]["Message-ID"].endswith("@acme.example>")
    assert len(sink.mails) == 1


@pytest.mark.parametrize("missing", ["server", "sender"])
def test_without_server_or_sender_mail_waits_for_a_listener_that_has_them(
    sink: SmtpSink, notify, missing: str
) -> None:
    full = MailDefaults(SmtpServer.from_url(sink.url), SENDER)
    channel = EmailChannel(dataclasses.replace(full, **{missing: None}), Secrets({}), Renderer())
    with pytest.raises(UnreachableError, match=f"no {'mail server' if missing == 'server' else missing}"):
        channel.send(notify())


@pytest.mark.parametrize("parts", [{"url": "smtp://mail.example/?tls=yes"}, {"sender": "SLA desk"}])
def test_a_channel_that_cannot_be_read_is_final(channel: EmailChannel, notify, parts: dict) -> None:
    with pytest.raises(
        DeliveryError, match=r"SMTP URL cannot be read|no mail address to send from"
    ) as failure:
        channel.send(notify(**parts))
    assert failure.value.is_permanent


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


@pytest.mark.parametrize("text", ["", "SLA desk", "SLA desk <sla>", "@desk.example"])
def test_a_sender_without_an_address_is_wrong_use(text: str) -> None:
    with pytest.raises(SlapgError, match="no mail address to send from") as failure:
        read_sender(text)
    assert failure.value.exit_code == 2
