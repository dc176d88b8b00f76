"""A server that answers one byte at a time."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def drip(answer: bytes, seconds: float = 0.05) -> Iterator[int]:
    """Takes one connection and sends it the answer, a byte in so many seconds; gives the port."""
    stop = threading.Event()

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            for byte in answer:
                if stop.wait(seconds):
                    return
                try:
                    connection.send(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        yield server.getsockname()[1]
        stop.set()
        thread.join(10)
