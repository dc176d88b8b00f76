"""An SMTP server: its URL, and conversations with it."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal, cast
from urllib.parse import parse_qs, unquote, urlsplit

from slapg.errors import SlapgError
from slapg.notifier.channel import DeliveryError, UnreachableError

TIMEOUT_SECONDS = 10.0
"""For each answer of the server; a conversation has some eight, and the lease of a claim is two minutes."""

AUTHENTICATION = range(530, 539)
"""Codes that refuse the account, not the message (RFC 4954, section 6)."""
UNAVAILABLE = 421
"""The server is closing the connection, as it does after so many messages (RFC 5321, section 3.8)."""

StartTls = Literal["auto", "always", "never"]
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EXAMPLE = "smtp://user:password@mail.example.com:587/?starttls=always, or smtps://… for TLS from the start"


@dataclass(frozen=True)
class SmtpServer:
    """Where mail goes: `smtp://user:password@host:port/?starttls=auto|always|never`, or `smtps://…`.

    `auto` encrypts when the server offers it, except on this machine, where nobody listens and certificates
    are seldom real. Certificates are always verified.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    implicit_tls: bool = False
    starttls: StartTls = "auto"

    @classmethod
    def from_url(cls, url: str) -> "SmtpServer":
        """Read the URL; raises `SlapgError` (wrong use) that never quotes it, because of the password."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _unreadable("it is no URL (special characters in a password are written as %XX)") from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise _unreadable("it needs smtp:// or smtps:// and a host")
        options = parse_qs(parts.query, keep_blank_values=True)
        starttls = options.pop("starttls", ["auto"])[-1]
        if options:
            raise _unreadable(f"unknown option {next(iter(options))}")
        if starttls not in ("auto", "always", "never"):
            raise _unreadable("starttls is auto, always or never")
        implicit = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=port or (465 if implicit else 587 if parts.username else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            implicit_tls=implicit,
            starttls=cast(StartTls, starttls),
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_local(self) -> bool:
        return self.host in _LOOPBACK


def _unreadable(why: str) -> SlapgError:
    return SlapgError(f"the SMTP URL cannot be read: {why}", hint=f"write it like {_EXAMPLE}", exit_code=2)


class SmtpSession:
    """Conversations with one server; the connection is kept from message to message until `close`."""

    def __init__(self, server: SmtpServer, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._server = server
        self._timeout = timeout_seconds
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand the message over. Raises `DeliveryError`, permanent for the server's 5xx answers to it."""
        reused = self._smtp is not None
        try:
            self._converse(message)
        except (smtplib.SMTPException, OSError) as error:
            hung_up = _hung_up(error)
            if hung_up or not _is_answer(error):
                self.close()
            if not (reused and hung_up):
                raise _explain(error, self._server) from error
            # Servers end long conversations as they like; only in a fresh one does hanging up mean anything.
            self.send(message)

    def close(self) -> None:
        """Say good-bye, if a conversation is open."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _converse(self, message: EmailMessage) -> None:
        if self._smtp is None:
            self._smtp = self._open()
        self._smtp.send_message(message)

    def _open(self) -> smtplib.SMTP:
        try:
            return self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError(f"{self._server}: {_say(error)}") from error

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        smtp: smtplib.SMTP
        if server.implicit_tls:
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            self._secure(smtp, context)
            if server.user is not None:
                smtp.login(server.user, server.password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _secure(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server = self._server
        smtp.ehlo_or_helo_if_needed()
        if server.implicit_tls or server.starttls == "never":
            return
        if server.starttls == "always" or (smtp.has_extn("starttls") and not server.is_local):
            smtp.starttls(context=context)
        elif server.user is not None and not server.is_local:
            raise smtplib.SMTPNotSupportedError(
                "no TLS is offered, and the password is not sent in the clear (unless starttls=never)"
            )


def _is_answer(error: Exception) -> bool:
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException)


def _hung_up(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == UNAVAILABLE for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == UNAVAILABLE
    return isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError)


def _explain(error: Exception, server: SmtpServer) -> DeliveryError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return DeliveryError(_say(error), is_permanent=code >= 500)
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code == UNAVAILABLE or error.smtp_code in AUTHENTICATION:
            return UnreachableError(f"{server}: {_say(error)}")
        return DeliveryError(_say(error), is_permanent=error.smtp_code >= 500)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryError(f"{server}: {_say(error)}", is_permanent=True)
    return UnreachableError(f"{server}: {_say(error)}")


def _say(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _quote(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _quote(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _quote(code: int, answer: bytes | str) -> str:
    return f"{code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"
