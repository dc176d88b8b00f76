"""A real HTTP server on the loopback, which keeps what is posted to it and says no when told to."""

import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MOODY_SECONDS = 0.01


@dataclass(frozen=True)
class Post:
    """One request that was accepted."""

    id: str
    """Its idempotency id: the same on every attempt of one notification."""
    event: dict[str, Any]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that are killed are what these tests are about."""


class WebhookSink:
    """Use as a context manager.

    `posts` holds what was accepted, in order. `refuse(503, times=2)` answers the next two so. `before_answer`
    is called with each post that is about to be accepted. Some are accepted sooner than others, as it is with
    servers: who posts two at once cannot rely on their order.
    """

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.before_answer: Callable[[Post], None] = lambda post: None
        self._refusals: deque[int] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/sla"

    def refuse(self, status: int, times: int = 1) -> None:
        self._refusals.extend([status] * times)

    def __enter__(self) -> "WebhookSink":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, post: Post) -> int:
        with self._lock:
            if self._refusals:
                return self._refusals.popleft()
        self.before_answer(post)
        time.sleep(random.uniform(0, MOODY_SECONDS))
        with self._lock:
            self.posts.append(post)
        return 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = sink._take(Post(self.headers["webhook-id"], json.loads(body)))
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Not on the screen of the test run."""

        return Handler
