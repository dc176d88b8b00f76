"""A real Redis server for tests."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
import redis

SECONDS = 10


class RedisServer:
    """Use as a context manager; it keeps nothing on disk. `stop` and `start` go together."""

    def __init__(self, folder: Path, password: str | None = None) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("no redis-server here; make setup installs it")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._folder = folder
        self._password = password
        self._command = [
            program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", str(folder),
            "--unixsocket", str(self.socket), "--requirepass", password or "",
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self._folder / "redis.sock"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, password=self._password, decode_responses=True)

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + SECONDS
        while True:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                assert time.monotonic() < until, "redis-server does not start"
                time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(SECONDS)

    def __enter__(self) -> "RedisServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
