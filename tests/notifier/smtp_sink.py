"""A real SMTP server on the loopback, which keeps what it gets and says no when told to."""

import asyncio
import ssl
import threading
from collections import defaultdict, deque
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"
HANG_UP = "hang up"
"""Instead of an answer: the connection ends without a word. At DATA, the mail has been kept before."""
SECONDS = 20
"""How long anything here may take before the test is stuck."""


class SmtpSink:
    """Use as a context manager.

    `mails` holds what was accepted, in order; `conversations` counts connections.
    `refuse("RCPT", "550 no such user", times=2)` answers the next two RCPT so, or hangs up with `HANG_UP`.
    Between `hold` and `let_go` the server takes a mail's data but does not answer.
    """

    def __init__(
        self,
        *,
        password: str | None = None,
        tls: ssl.SSLContext | None = None,
        is_implicit: bool = False,
        port: int = 0,
    ) -> None:
        """`tls`: offers STARTTLS, or with `is_implicit` speaks TLS from the start."""
        self.mails: list[EmailMessage] = []
        self.was_encrypted: list[bool] = []
        self.conversations = 0
        self.port = port
        self._password = password
        self._tls = None if is_implicit else tls
        self._tls_from_start = tls if is_implicit else None
        self._answers: dict[str, deque[str]] = defaultdict(deque)
        self._open = threading.Event()
        self._open.set()
        self._held = threading.Semaphore(0)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def refuse(self, command: str, answer: str, times: int = 1) -> None:
        self._answers[command].extend([answer] * times)

    def hold(self) -> None:
        self._open.clear()

    def wait_until_holding(self, mails: int = 1) -> None:
        for _ in range(mails):
            assert self._held.acquire(timeout=SECONDS), "no mail came"

    def let_go(self) -> None:
        self._open.set()

    def __enter__(self) -> "SmtpSink":
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(SECONDS)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go()
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(
            self._protocol, "127.0.0.1", self.port, ssl=self._tls_from_start
        )

    async def _leave(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _protocol(self) -> SMTP:
        self.conversations += 1
        return SMTP(
            self,
            hostname="sink.example",
            loop=self._loop,
            tls_context=self._tls,
            authenticator=self._authenticate if self._password else None,
            auth_require_tls=False,
        )

    def _authenticate(self, *arguments: Any) -> AuthResult:
        login = arguments[-1]
        assert isinstance(login, LoginPassword)
        return AuthResult(success=login.password.decode() == self._password, handled=False)

    def _answer(self, command: str, server: SMTP) -> str:
        waiting = self._answers[command]
        answer = waiting.popleft() if waiting else OK
        if answer == HANG_UP:
            assert server.transport is not None
            server.transport.abort()
        return answer

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL", server)
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT", server)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if not self._open.is_set():
            self._held.release()
        while not self._open.is_set():
            await asyncio.sleep(0.01)
        answer = self._answer("DATA", server)
        if answer in (OK, HANG_UP):
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
            self.was_encrypted.append(session.ssl is not None or self._tls_from_start is not None)
        return answer
