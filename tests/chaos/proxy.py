"""A network between two programs that can stall and break."""

import asyncio
import contextlib
import socket
import struct
import threading
from pathlib import Path

SECONDS = 20
"""How long anything here may take before the test is stuck."""
CHUNK = 65536
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, zero seconds: closing sends RST, as a host does that has forgotten the connection."""


class Proxy:
    """Forwards TCP connections of 127.0.0.1 to a Unix socket. Use as a context manager.

    `freeze`: connections stay open, no byte passes in either direction, until `thaw`. `reset`: all open ones
    break. `close_door` and `open_door`: whether new ones come about.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._open: set[asyncio.StreamWriter] = set()
        self._door = True
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._flows = asyncio.Event()
        self.port = 0

    def freeze(self) -> None:
        self._loop.call_soon_threadsafe(self._flows.clear)

    def thaw(self) -> None:
        self._loop.call_soon_threadsafe(self._flows.set)

    def close_door(self) -> None:
        self._door = False

    def open_door(self) -> None:
        self._door = True

    def reset(self) -> int:
        """Break everything that is open; how many connections that were."""
        return asyncio.run_coroutine_threadsafe(self._reset(), self._loop).result(SECONDS)

    def __enter__(self) -> "Proxy":
        self._flows.set()
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(SECONDS)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _leave(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _reset(self) -> int:
        broken = list(self._open)
        for writer in broken:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()
        return len(broken)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._door:
            writer.close()
            return
        self._open.add(writer)
        try:
            with contextlib.suppress(OSError):
                there_reader, there_writer = await asyncio.open_unix_connection(self._target)
                await asyncio.gather(self._pass(reader, there_writer), self._pass(there_reader, writer))
        finally:
            self._open.discard(writer)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(CHUNK):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
