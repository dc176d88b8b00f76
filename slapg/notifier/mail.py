"""The channel `email`."""

import quopri
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr

from slapg.errors import SlapgError
from slapg.notifier.channel import DeliveryError, UnreachableError
from slapg.notifier.notification import Notification
from slapg.notifier.render import Message as Words
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import Secrets
from slapg.notifier.smtp import SmtpServer
from slapg.notifier.smtp_session import SmtpPool


@dataclass(frozen=True)
class MailDefaults:
    """The listener's own mail server and sender, for tenants without any; None: it has none."""

    server: SmtpServer | None = None
    sender: Address | None = None


_WIRE = compat32.clone(linesep="\r\n")


class EmailChannel:
    """Notifications as mail, with a text and an HTML part, each through its tenant's server."""

    kind = "email"
    concurrency = 4

    def __init__(self, mail: MailDefaults | None, secrets: Secrets, renderer: Renderer) -> None:
        self._defaults = mail or MailDefaults()
        self._secrets = secrets
        self._renderer = renderer
        self._pool = SmtpPool()
        if self._defaults.server is not None:
            secrets.hide(self._defaults.server.password)

    def send(self, notification: Notification) -> str | None:
        """Hand it to the server; one without a usable address fails for good.

        Without a server or a sender it is `UnreachableError`: another listener may have one.
        """
        server = self._server(notification.url)
        sender = self._sender(notification.sender)
        recipient = _recipient(notification)
        message = self._renderer.render(notification)
        mail = compose(notification, message, sender, recipient)
        with self._pool.session(server) as session:
            session.send(sender.addr_spec, recipient.addr_spec, mail.as_bytes(policy=_WIRE))
        return message.problem

    def close(self) -> None:
        """End the idle conversations until the next message."""
        self._pool.close()

    def _server(self, url: str | None) -> SmtpServer:
        if url is not None:
            try:
                return SmtpServer.from_url(self._secrets.resolve_url(url))
            except SlapgError as error:
                raise DeliveryError(f"{error.message}; {error.hint}", is_permanent=True) from None
        if self._defaults.server is None:
            raise UnreachableError(
                "this listener has no mail server, and the tenant's channel names none (url)"
            )
        return self._defaults.server

    def _sender(self, text: str | None) -> Address:
        if text is not None:
            try:
                return read_sender(text)
            except SlapgError as error:
                raise DeliveryError(f"{error.message}; {error.hint}", is_permanent=True) from None
        if self._defaults.sender is None:
            raise UnreachableError(
                "this listener has no sender of mail, and the tenant's channel names none (sender)"
            )
        return self._defaults.sender


def read_sender(text: str) -> Address:
    """The address in `SLA desk <sla@example.com>`; raises `SlapgError` (wrong use) when there is none."""
    sender = _address(*parseaddr(text))
    if sender is None:
        raise SlapgError(
            f"no mail address to send from: {text}",
            hint="write it like SLA desk <sla@example.com>",
            exit_code=2,
        )
    return sender


def compose(notification: Notification, message: Words, sender: Address, recipient: Address) -> Message:
    """The mail of a notification.

    Its Message-ID is the same at every attempt, so that a mail sent twice is recognised; the mails of one
    ticket, and the digests of one person, answer one common message, so that mail programs group them.
    """
    # Not an EmailMessage, which parses each header that it is given, for ten times as long as all else takes.
    mail = MIMEMultipart("alternative")
    mail["Subject"] = _header("Subject", " ".join(message.subject.split()))
    mail["From"] = _header("From", sender)
    mail["To"] = _header("To", recipient)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = (
        f"<slapg.{notification.notification_id}.{notification.tenant_id.hex}@{sender.domain}>"
    )
    mail["In-Reply-To"] = mail["References"] = f"<slapg.{_thread(notification)}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    for text, subtype in ((message.text, "plain"), (message.html, "html")):
        mail.attach(_part(text, subtype))
    return mail


def _part(text: str, subtype: str) -> Message:
    """Quoted-printable: ASCII in short lines, as servers want it, and no base64, which looks like spam."""
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quopri.encodestring(text.encode()).decode())
    return part


def _thread(notification: Notification) -> str:
    if notification.members and notification.user_id is not None:
        return f"digest.{notification.user_id.hex}"
    return f"ticket.{notification.ticket_id.hex}"


def _recipient(notification: Notification) -> Address:
    spec = (notification.recipient_email or "").strip()
    whom = notification.recipient_name or "the recipient"
    if not spec:
        raise DeliveryError(f"{whom} has no e-mail address", is_permanent=True)
    address = _address(notification.recipient_name or "", spec)
    if address is None:
        raise DeliveryError(f"the address of {whom} is no e-mail address: {spec}", is_permanent=True)
    return address


def _header(header: str, value: str | Address) -> str:
    """In encoded words (RFC 2047) if it needs them."""
    if isinstance(value, Address):
        name, address = value.display_name, value.addr_spec
        if name.isascii():
            return formataddr((name, address))
        written = Header(name, "utf-8", header_name=header)
        written.append(f"<{address}>", "us-ascii")
        return written.encode()
    return value if value.isascii() else Header(value, "utf-8", header_name=header).encode()


def _address(name: str, spec: str) -> Address | None:
    local, _, domain = spec.rpartition("@")
    try:
        # Every server understands a domain in ASCII; few know what to do with müller.example.
        ascii_domain = domain.encode("idna").decode()
        address = Address(" ".join(name.split()), addr_spec=f"{local}@{ascii_domain}")
    except (ValueError, HeaderParseError, IndexError):
        return None
    return address if address.username and address.domain else None
