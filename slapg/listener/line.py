"""From the outbox to one kind of channel."""

import contextlib
import logging
from collections import deque
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic

from slapg.listener.endpoints import Endpoints
from slapg.listener.instruments import HEARD_WITHIN_SECONDS, Instruments
from slapg.listener.logs import about
from slapg.listener.outbox import Outbox
from slapg.listener.outcome import Outcome, Verdict
from slapg.notifier import Channel, DeliveryError, Notification, UnreachableError

log = logging.getLogger(__name__)

LEASE_SECONDS = 120.0
"""How long a claim is ours."""
IDLE_SECONDS = 5.0
"""After so long without work the channel lets go of its connections."""
RECORD_SECONDS = 0.1
"""How often a line that sends in its own thread writes down what it has done."""


class Line:
    """Claims messages of one kind, hands them to the channel, and records the outcomes as they come.

    A window of messages is in hand at most. A channel that takes several at once is given them by as many
    threads; one that takes one at a time is called in the line's own thread, which saves every hop.
    Lives longer than a database connection: what was sent while it was broken is recorded over the next.
    """

    def __init__(
        self,
        channel: Channel,
        instruments: Instruments,
        lease_seconds: float = LEASE_SECONDS,
        window: int | None = None,
        passed_over: Collection[str] = (),
    ) -> None:
        self.kind = channel.kind
        self._channel = channel
        self._instruments = instruments
        self._lease_seconds = lease_seconds
        self._passed_over = tuple(passed_over)
        self._window = window or 2 * channel.concurrency
        self._endpoints = Endpoints()
        self._pool = (
            ThreadPoolExecutor(channel.concurrency, thread_name_prefix=self.kind)
            if channel.concurrency > 1
            else None
        )
        self._stop = Event()
        self._waiting: deque[tuple[Notification, float]] = deque()
        """Claimed, to be sent in the line's own thread, each with the instant until which that may begin."""
        self._mailbox: SimpleQueue[Outcome | None] = SimpleQueue()
        """Outcomes from the pool's threads; None: look at the outbox again."""
        self._in_hand = 0
        """Messages that the pool has."""
        self._suspects = 0
        """Of these, how many may have ended their last listener: never two at once."""
        self._unrecorded: list[Outcome] = []
        self._is_open = False

    @property
    def unrecorded(self) -> int:
        """How many outcomes the database has not been told of, those to come included."""
        return self._in_hand + len(self._waiting) + len(self._unrecorded)

    def wake(self) -> None:
        """There may be something new in the outbox."""
        self._mailbox.put(None)

    def stop(self) -> None:
        """Claim no more and begin no other message."""
        self._stop.set()
        self.wake()

    def serve(self, outbox: Outbox, poll_seconds: float) -> None:
        """Deliver whatever is due, until `stop`; then finish what is under way and hand back the rest."""
        while not self._stop.is_set():
            self._instruments.alive(self.kind, HEARD_WITHIN_SECONDS + max(poll_seconds, self._lease_seconds))
            if not self._advance(outbox):
                self._rest(poll_seconds)
        self.drain(outbox)

    def drain(self, outbox: Outbox) -> int:
        """Deliver what is due until nothing is, or until `stop`; how many were taken in hand."""
        taken = 0
        while (claimed := self._advance(outbox)) or self.unrecorded:
            taken += claimed
            if self._in_hand and not claimed:
                self._collect(None)
        self._let_go()
        return taken

    def close(self) -> None:
        """End its threads, after `stop`."""
        if self._pool is not None:
            self._pool.shutdown()
        self._let_go()

    def _advance(self, outbox: Outbox) -> int:
        """Record what is done and claim as much as there is room for; how many were claimed."""
        self._record(outbox)
        claimed = self._claim(outbox)
        self._send_here(outbox)
        return claimed

    def _claim(self, outbox: Outbox) -> int:
        room = self._window - self._in_hand - len(self._waiting)
        if self._stop.is_set() or self._suspects or 2 * room < self._window:
            return 0
        begin_by = monotonic() + self._lease_seconds / 2
        lease = timedelta(seconds=self._lease_seconds)
        notifications = outbox.claim(self.kind, room, lease, [*self._passed_over, *self._endpoints.blocked()])
        for notification in notifications:
            if self._pool is None:
                self._waiting.append((notification, begin_by))
            else:
                self._in_hand += 1
                self._suspects += notification.is_alone
                self._pool.submit(self._send_there, notification, begin_by)
        return len(notifications)

    def _send_here(self, outbox: Outbox) -> None:
        record_at = monotonic() + RECORD_SECONDS
        while self._waiting:
            self._unrecorded.append(self._send(*self._waiting[0]))
            self._waiting.popleft()
            if monotonic() > record_at:
                self._record(outbox)
                record_at = monotonic() + RECORD_SECONDS
        self._record(outbox)

    def _send_there(self, notification: Notification, begin_by: float) -> None:
        self._mailbox.put(self._send(notification, begin_by))

    def _send(self, notification: Notification, begin_by: float) -> Outcome:
        # Once half of its lease is over, another listener might have it before we are done.
        if self._stop.is_set() or monotonic() > begin_by or not self._endpoints.begin(notification.endpoint):
            return Outcome.handed_back(notification)
        self._is_open = True
        began = monotonic()
        outcome = _try(self._channel, notification)
        seconds = monotonic() - began
        self._endpoints.end(notification.endpoint, outcome.verdict, seconds)
        self._instruments.metrics.attempted(self.kind, outcome.verdict.value, seconds)
        return outcome

    def _rest(self, poll_seconds: float) -> None:
        """Wait for an outcome or a hint, or until it is time to look again."""
        waits = [poll_seconds, self._endpoints.seconds_to_probe() or poll_seconds]
        if not self._collect(min([*waits, IDLE_SECONDS] if self._is_open else waits)) and not self._in_hand:
            self._let_go()

    def _collect(self, seconds: float | None) -> bool:
        """Take all that the mailbox holds, waiting so long for the first (None: for ever); False: empty."""
        try:
            items = [self._mailbox.get(timeout=seconds)]
        except Empty:
            return False
        with contextlib.suppress(Empty):
            while True:
                items.append(self._mailbox.get_nowait())
        outcomes = [item for item in items if item is not None]
        self._in_hand -= len(outcomes)
        self._suspects -= sum(outcome.notification.is_alone for outcome in outcomes)
        self._unrecorded.extend(outcomes)
        return True

    def _record(self, outbox: Outbox) -> None:
        states = outbox.record(self._unrecorded)
        recorded, self._unrecorded = self._unrecorded, []
        for outcome, state in zip(recorded, states, strict=True):
            _tell(outcome, state)

    def _let_go(self) -> None:
        if self._is_open:
            self._is_open = False
            self._channel.close()


def _try(channel: Channel, notification: Notification) -> Outcome:
    try:
        return Outcome(notification, Verdict.SENT, channel.send(notification))
    except UnreachableError as error:
        return Outcome(notification, Verdict.UNREACHABLE, str(error))
    except DeliveryError as error:
        return Outcome(notification, Verdict.REFUSED if error.is_permanent else Verdict.FAILED, str(error))
    except Exception as error:  # one that nobody foresaw must not stop all the others
        log.exception("channel %s broke down on %s", channel.kind, notification)
        return Outcome(notification, Verdict.FAILED, f"{type(error).__name__}: {error}")


def _tell(outcome: Outcome, state: str) -> None:
    notification = outcome.notification
    facts = about(notification, outcome.verdict.value)
    if not outcome.was_tried:
        log.debug("handed back %s", notification, extra=facts)
    elif outcome.verdict is Verdict.SENT and outcome.error is None:
        log.info("sent %s", notification, extra=facts)
    elif outcome.verdict is Verdict.SENT:
        log.warning("sent %s, but: %s", notification, outcome.error, extra=facts)
    else:
        log.warning(
            "attempt %d of %s failed, now %s: %s",
            notification.attempt, notification, state, outcome.error, extra=facts,
        )  # fmt: skip
