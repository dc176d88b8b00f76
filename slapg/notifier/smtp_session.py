"""Conversations with SMTP servers, over connections that are kept."""

import contextlib
import smtplib
import ssl
from collections import deque
from collections.abc import Iterator
from threading import Lock
from time import monotonic

from slapg.notifier.channel import DeliveryError, UnreachableError
from slapg.notifier.smtp import SmtpServer
from slapg.notifier.watchdog import WATCHDOG

ANSWER_SECONDS = 10.0
"""For each answer of the server."""
SEND_SECONDS = 45.0
"""For all answers about one mail, with the log-in and a second try: the listener begins a message while half
of its claim's lease (two minutes) is left, and somebody else may have it after that."""
IDLE_SECONDS = 20.0
"""A connection that nobody used for so long is closed: servers do not like to be kept waiting."""

AUTHENTICATION = range(530, 539)
"""Codes that refuse the account, not the message (RFC 4954, section 6)."""
UNAVAILABLE = 421
"""The server is closing the connection, as it does after so many messages (RFC 5321, section 3.8)."""
SEND_IT = 354
"""The answer to DATA: what follows is the mail itself."""


class SmtpPool:
    """The kept connections to all servers; each is used by one thread at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: dict[SmtpServer, deque[SmtpSession]] = {}
        self._context: ssl.SSLContext | None = None

    @contextlib.contextmanager
    def session(self, server: SmtpServer) -> Iterator["SmtpSession"]:
        """One for the thread alone: the one used last, because it is the likeliest to be alive."""
        with self._lock:
            stale = self._take_stale()
            waiting = self._idle.get(server)
            session = waiting.pop() if waiting else SmtpSession(server, self._trust())
        for old in stale:
            old.close()
        try:
            yield session
        finally:
            if session.is_open:
                with self._lock:
                    self._idle.setdefault(server, deque()).append(session)

    def close(self) -> None:
        """End the conversations that are not under way."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for sessions in idle.values():
            for session in sessions:
                session.close()

    def _take_stale(self) -> list["SmtpSession"]:
        before, stale = monotonic() - IDLE_SECONDS, []
        for server, sessions in list(self._idle.items()):
            while sessions and sessions[0].used_at < before:
                stale.append(sessions.popleft())
            if not sessions:
                del self._idle[server]
        return stale

    def _trust(self) -> ssl.SSLContext:
        # Reading the authorities' certificates takes longer than a mail.
        self._context = self._context or ssl.create_default_context()
        return self._context


class SmtpSession:
    """Conversations with one server; the connection is kept from message to message until `close`."""

    def __init__(self, server: SmtpServer, context: ssl.SSLContext) -> None:
        self._server = server
        self._context = context
        self._smtp: _Smtp | None = None
        self.used_at = monotonic()
        """When it was last needed."""

    @property
    def is_open(self) -> bool:
        return self._smtp is not None

    def send(self, sender: str, recipient: str, mail: bytes) -> None:
        """Hand a mail over.

        Raises `DeliveryError`, permanent for the server's 5xx answers to it, and `UnreachableError` when it
        was not even asked.
        """
        try:
            self._hand_over((sender, recipient, mail), monotonic() + SEND_SECONDS)
        finally:
            self.used_at = monotonic()

    def close(self) -> None:
        """Say good-bye, if a conversation is open."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.begin(monotonic() + 1)  # nothing depends on the answer
                smtp.quit()
            smtp.close()

    def _forget(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _hand_over(self, mail: tuple[str, str, bytes], until: float) -> None:
        reused = self._smtp is not None
        smtp = self._smtp = self._smtp or self._open(until)
        smtp.begin(until)
        try:
            smtp.sendmail(*mail)
        except (smtplib.SMTPException, OSError) as error:
            hung_up = _hung_up(error)
            if hung_up or not _is_answer(error):
                self._forget()
            if not (reused and hung_up) or smtp.has_mail:
                raise _explain(error, self._server) from error
            # Servers end long conversations as they like; only in a fresh one does hanging up mean anything.
            self._hand_over(mail, until)
        except BaseException:
            self._forget()  # who knows where the conversation was left
            raise

    def _open(self, until: float) -> "_Smtp":
        try:
            return self._connect(until)
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError(f"{self._server}: {_say(error)}") from error

    def _connect(self, until: float) -> "_Smtp":
        server = self._server
        smtp = _SmtpOverTls(self._context) if server.implicit_tls else _Smtp()
        try:
            smtp.reach(server.host, server.port, until)
            self._secure(smtp)
            if server.user is not None:
                smtp.login(server.user, server.password or "")
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _secure(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        smtp.ehlo_or_helo_if_needed()
        if server.implicit_tls or server.starttls == "never":
            return
        if server.starttls == "always" or (smtp.has_extn("starttls") and not server.is_local):
            smtp.starttls(context=self._context)
        elif server.user is not None and not server.is_local:
            raise smtplib.SMTPNotSupportedError(
                "no TLS is offered, and the password is not sent in the clear (unless starttls=never)"
            )


class _Smtp(smtplib.SMTP):
    """Knows how much time is left, and whether the server may have the mail already."""

    has_mail = False
    _until = 0.0

    def __init__(self) -> None:
        super().__init__(timeout=ANSWER_SECONDS)

    def reach(self, host: str, port: int, until: float) -> None:
        """Connect; raises `smtplib.SMTPException` or `OSError`."""
        self.begin(until)
        self._host = host  # whom the certificate has to name; smtplib sets it in the constructor only
        code, answer = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)

    def begin(self, until: float) -> None:
        """A conversation about another mail, which has to end by then."""
        self.has_mail = False
        self._until = until

    def getreply(self) -> tuple[int, bytes]:
        if self.sock is None:  # it was closed meanwhile, which is for smtplib to say
            return super().getreply()
        left = max(0.001, min(ANSWER_SECONDS, self._until - monotonic()))
        self.sock.settimeout(left)
        with WATCHDOG.limit(self.sock, monotonic() + left):
            code, answer = super().getreply()
        if code == SEND_IT:
            self.has_mail = True
        return code, answer


class _SmtpOverTls(_Smtp):
    """TLS from the start."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self._context = context

    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        plain = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        return self._context.wrap_socket(plain, server_hostname=self._host)


def _is_answer(error: Exception) -> bool:
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException)


def _hung_up(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return _code(error) == UNAVAILABLE
    return True  # any other OSError is the connection's


def _code(error: Exception) -> int | None:
    """The server's answer, if it was one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return int(next(iter(error.recipients.values()))[0])
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _explain(error: Exception, server: SmtpServer) -> DeliveryError:
    code = _code(error)
    if code is None:
        lost = isinstance(error, smtplib.SMTPNotSupportedError)  # an address that this server cannot have
        return DeliveryError(f"{server}: {_say(error)}", is_permanent=lost)
    if code == UNAVAILABLE or code in AUTHENTICATION:
        return UnreachableError(f"{server}: {_say(error)}")
    return DeliveryError(_say(error), is_permanent=code >= 500)


def _say(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _quote(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _quote(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


def _quote(code: int, answer: bytes | str) -> str:
    return f"{code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"
