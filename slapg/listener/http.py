"""`/metrics` for Prometheus and `/healthz` for whoever restarts what is ill."""

import json
import socket
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from slapg.errors import SlapgError
from slapg.listener.health import Health
from slapg.listener.metrics import Metrics
from slapg.listener.queue import QueueCollector

CLIENT_SECONDS = 10.0
"""How long a client may take to ask: one that says nothing must not keep a thread."""

_EXAMPLE = "write it like 127.0.0.1:9464, [::1]:9464, or 0.0.0.0:9464 for every network of this machine"


class HttpServer:
    """Answers in threads of its own, from `start` to `close`.

    Nothing is asked of who asks: the address is for a network that may read the numbers.
    """

    def __init__(
        self, address: str, metrics: Metrics, health: Health, queue: QueueCollector | None = None
    ) -> None:
        """Listen on `address` (`host:port`; port 0 takes a free one); `queue` lets health ask the database.

        Raises `SlapgError` when the address cannot be read (wrong use) or had.
        """
        host, port = read_address(address)
        server_class = _Server6 if ":" in host else _Server
        try:
            self._server = make_server(
                host, port, _application(metrics, health, queue), server_class, _Handler
            )
        except OSError as error:
            raise SlapgError(
                f"cannot listen on {address}: {error.strerror or error}",
                hint="give another --metrics-address; two listeners on one machine need two ports",
            ) from error
        self._thread = Thread(target=self._server.serve_forever, args=(0.1,), name="http", daemon=True)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


def read_address(address: str) -> tuple[str, int]:
    """Host and port of `host:port`; raises `SlapgError` (wrong use)."""
    host, colon, port = address.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not (colon and bare and port.isascii() and port.isdigit() and int(port) < 65536):
        raise SlapgError(f"{address!r} is no address of host and port", hint=_EXAMPLE, exit_code=2)
    if ":" in bare and bare == host:
        raise SlapgError(f"{address!r}: an IPv6 address needs brackets", hint=_EXAMPLE, exit_code=2)
    return bare, int(port)


def report(health: Health, queue: QueueCollector | None) -> tuple[bool, dict[str, Any]]:
    """Whether all is well, and the document that says what is not."""
    problems = health.problems()
    if queue is not None:
        problems["database"] = queue.read().problem
    is_well = not any(problems.values())
    parts = {part: {"ok": problem is None, "problem": problem} for part, problem in problems.items()}
    return is_well, {"status": "ok" if is_well else "failing", "parts": parts}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    timeout = CLIENT_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """A line for each scrape helps nobody."""


def _application(metrics: Metrics, health: Health, queue: QueueCollector | None) -> Callable[..., Any]:
    prometheus = make_wsgi_app(metrics.registry)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return prometheus(environ, start_response)  # type: ignore[no-any-return]
        if path != "/healthz":
            return _answer(environ, start_response, "404 Not Found", {"paths": ["/healthz", "/metrics"]})
        is_well, document = report(health, queue)
        return _answer(environ, start_response, "200 OK" if is_well else "503 Service Unavailable", document)

    return application


def _answer(
    environ: dict[str, Any], start_response: Callable[..., Any], status: str, document: dict[str, Any]
) -> list[bytes]:
    body = json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    start_response(
        status,
        [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ],
    )
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
