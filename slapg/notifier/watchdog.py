"""An end to answers that come byte by byte."""

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Thread
from time import monotonic, sleep

LOOK_SECONDS = 0.25


class Watchdog:
    """Hangs up on whoever is still talking when his time is over.

    A socket's timeout is for each piece of an answer; a server that sends one now and then could hold a
    thread for ever, and a few messages to it all of them.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._watched: dict[int, tuple[float, socket.socket]] = {}
        self._numbers = itertools.count()
        self._thread: Thread | None = None

    @contextmanager
    def limit(self, talking: socket.socket, until: float) -> Iterator[None]:
        """Within it, the socket is shut down after the instant `until` (of `time.monotonic`)."""
        number = next(self._numbers)
        with self._changed:
            self._watched[number] = until, talking
            if self._thread is None:
                self._thread = Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            if len(self._watched) == 1:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._watched[number]

    def _watch(self) -> None:
        while True:
            with self._changed:
                while not self._watched:
                    self._changed.wait()
                now = monotonic()
                for until, talking in self._watched.values():
                    if now > until:
                        with suppress(OSError):  # it is closed by now
                            # Not the method of a TLS socket, which is for the thread that uses it.
                            socket.socket.shutdown(talking, socket.SHUT_RDWR)
            sleep(LOOK_SECONDS)


WATCHDOG = Watchdog()
