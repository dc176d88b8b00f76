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
SECONDS = 20
"""How long anything here may take before the test is stuck."""


class SmtpSink:
    """Use as a context manager.

    `mails` holds what was accepted, in order; `conversations` counts connections.
    `refuse("RCPT", "550 no such user", times=2)` answers the next two RCPT so.
    Between `hold` and `let_go` the server takes a mail's data but does not answer.
    """

    def __init__(
        self, *, password: str | None = None, tls: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        self.mails: list[EmailMessage] = []
        self.conversations = 0
        self.port = port
        self._password = password
        self._tls = tls
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
        return await self._loop.create_server(self._protocol, "127.0.0.1", self.port)

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

    def _answer(self, command: str) -> str:
        waiting = self._answers[command]
        return waiting.popleft() if waiting else OK

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL")
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("RCPT")
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if not self._open.is_set():
            self._held.release()
        while not self._open.is_set():
            await asyncio.sleep(0.01)
        answer = self._answer("DATA")
        if answer == OK:
            assert isinstance(envelope.content, bytes)
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return answer
