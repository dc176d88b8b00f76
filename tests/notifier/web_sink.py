"""A real HTTP server on the loopback, which keeps what it gets and answers as told."""

import ssl
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Request(NamedTuple):
    """What came: headers by lower-case name."""

    path: str
    headers: dict[str, str]
    body: bytes


class WebSink:
    """Use as a context manager.

    `requests` holds what came, in order; `connections` counts connections. `answer(503, b"busy", times=2)` is
    for the next two requests; `answer(302, headers={"Location": …})` adds headers; 204 is for all others.
    Between `hold` and `let_go` no request is answered.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self._answers: deque[tuple[int, bytes, dict[str, str]]] = deque()
        self._open = threading.Event()
        self._open.set()
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                sink.connections += 1
                super().setup()

            def do_POST(self) -> None:
                sink.take(self)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._scheme = "https" if tls else "http"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}/hook"

    def answer(
        self, status: int, body: bytes = b"", *, headers: dict[str, str] | None = None, times: int = 1
    ) -> None:
        self._answers.extend([(status, body, headers or {})] * times)

    def hold(self) -> None:
        self._open.clear()

    def let_go(self) -> None:
        self._open.set()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append(Request(handler.path, headers, body))
        self._open.wait(20)
        status, said, extra = self._answers.popleft() if self._answers else (204, b"", {})
        handler.send_response(status)
        for name, value in extra.items():
            handler.send_header(name, value)
        if status != 204:
            handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    def __enter__(self) -> "WebSink":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(20)
