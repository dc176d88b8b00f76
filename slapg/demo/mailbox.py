"""A mail server of our own on the loopback: what it accepts is shown, nothing leaves the machine."""

import asyncio
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

START_SECONDS = 10


class Mailbox:
    """The mails that arrived and where to send more."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self._arrived: queue.SimpleQueue[EmailMessage] = queue.SimpleQueue()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd for each mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        self._arrived.put(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def take(self, seconds: float) -> EmailMessage | None:
        """The next mail, waiting for it; None when none comes."""
        try:
            return self._arrived.get(timeout=seconds)
        except queue.Empty:
            return None


@contextmanager
def open_mailbox() -> Iterator[Mailbox]:
    """A mail server on a free port, for as long as the block lasts."""
    listening = socket.create_server(("127.0.0.1", 0))
    mailbox = Mailbox(listening.getsockname()[1])
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="demo mail server")
    thread.start()
    try:
        serving = loop.create_server(lambda: SMTP(mailbox, hostname="slapg-demo", loop=loop), sock=listening)
        server = asyncio.run_coroutine_threadsafe(serving, loop).result(START_SECONDS)
        try:
            yield mailbox
        finally:
            loop.call_soon_threadsafe(server.close)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        listening.close()
