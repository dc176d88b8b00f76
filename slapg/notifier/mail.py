"""The channel `email`."""

from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from slapg.errors import SlapgError
from slapg.notifier.channel import DeliveryError
from slapg.notifier.notification import Notification
from slapg.notifier.render import render
from slapg.notifier.smtp import SmtpServer, SmtpSession

_POLICY = SMTP.clone(cte_type="7bit")
"""Nothing but ASCII on the wire: not every server on the way takes more."""


class EmailChannel:
    """Notifications as mail, with a text and an HTML part, over one SMTP server."""

    name = "email"

    def __init__(self, server: SmtpServer, sender: Address) -> None:
        self._session = SmtpSession(server)
        self._sender = sender

    def send(self, notification: Notification) -> None:
        """Hand it to the server; one without a usable address fails for good."""
        self._session.send(compose(notification, self._sender))

    def close(self) -> None:
        """End the conversation with the server until the next message."""
        self._session.close()


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


def compose(notification: Notification, sender: Address) -> EmailMessage:
    """The mail of a notification.

    Its Message-ID is the same at every attempt, so that a mail sent twice is recognised; the mails of one
    ticket refer to one common message, so that mail programs show them together.
    """
    recipient = _recipient(notification)
    message = render(notification)
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = message.subject
    mail["From"] = sender
    mail["To"] = recipient
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = (
        f"<slapg.{notification.notification_id}.{notification.tenant_id.hex}@{sender.domain}>"
    )
    mail["References"] = f"<slapg.ticket.{notification.ticket_id.hex}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _recipient(notification: Notification) -> Address:
    spec = (notification.recipient_email or "").strip()
    whom = notification.recipient_name or "the recipient"
    if not spec:
        raise DeliveryError(f"{whom} has no e-mail address", is_permanent=True)
    address = _address(notification.recipient_name or "", spec)
    if address is None:
        raise DeliveryError(f"the address of {whom} is no e-mail address: {spec}", is_permanent=True)
    return address


def _address(name: str, spec: str) -> Address | None:
    try:
        address = Address(" ".join(name.split()), addr_spec=spec)
    except (ValueError, HeaderParseError, IndexError):
        return None
    return address if address.username and address.domain else None
