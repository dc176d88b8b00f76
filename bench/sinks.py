"""Servers that accept everything, each in a process of its own so that no interpreter is shared."""

import asyncio
import multiprocessing
import re
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_ID = re.compile(rb"^Message-ID:\s*<slapg\.(\d+)\.", re.IGNORECASE | re.MULTILINE)
CONTENT_LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
ACCEPTED = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(frozen=True)
class Report:
    """What a sink has taken so far."""

    connections: int
    taken: list[tuple[int, float]]
    """Notification (0 where the sink does not look) and instant (seconds since 1970) of each acceptance."""


class Sink:
    """`http` or `smtp` on a port of 127.0.0.1. Use as a context manager."""

    def __init__(self, kind: str) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        # Spawned: a fork would take the connections to the database along.
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_serve, args=(kind, theirs), daemon=True)
        self._scheme = kind

    def __enter__(self) -> "Sink":
        self._process.start()
        self.url = f"{self._scheme}://127.0.0.1:{self._pipe.recv()}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def report(self) -> Report:
        self._pipe.send(None)
        report = self._pipe.recv()
        assert isinstance(report, Report)
        return report


def _serve(kind: str, pipe: Pipe) -> None:
    asyncio.run(_Server().serve(kind, pipe))


class _Server:
    def __init__(self) -> None:
        self._connections = 0
        self._taken: list[tuple[int, float]] = []

    async def serve(self, kind: str, pipe: Pipe) -> None:
        loop = asyncio.get_running_loop()
        if kind == "http":
            server = await asyncio.start_server(self._http, "127.0.0.1", 0, backlog=128)
        else:
            server = await loop.create_server(self._smtp, "127.0.0.1", 0)
        loop.add_reader(pipe.fileno(), self._answer, pipe)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    def _answer(self, pipe: Pipe) -> None:
        pipe.recv()
        pipe.send(Report(self._connections, self._taken))

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = CONTENT_LENGTH.search(head)
                await reader.readexactly(int(length[1]) if length else 0)
                self._taken.append((0, time.time()))
                writer.write(ACCEPTED)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _smtp(self) -> SMTP:
        self._connections += 1
        return SMTP(self, loop=asyncio.get_running_loop())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content: Any = envelope.content
        found = MESSAGE_ID.search(content)
        self._taken.append((int(found[1]) if found else 0, time.time()))
        return "250 OK"
