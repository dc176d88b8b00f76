"""Many hands on the same tickets: threads that write, configure and sweep under a clock that runs fast."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import errors

from tests.history.desks import NIGHTS, NO_LUNCH, OFFICE, PRIORITIES, STATUSES, STRIKE
from tests.history.driver import DeskDriver
from tests.oracle import steps

SPEED = 900  # simulated seconds in a real one: a quarter of an hour
DAY_ZERO = datetime(2024, 6, 5, 7, 30, tzinfo=UTC)
Connect = Callable[..., psycopg.Connection[Any]]


class Clock:
    """Simulated time; each transaction reads it once, when it begins, as now() would."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def now(self) -> datetime:
        return DAY_ZERO + SPEED * timedelta(seconds=time.monotonic() - self.began)


class Hand(threading.Thread):
    """One connection that does one thing after another until it is told to stop."""

    def __init__(
        self, desk: DeskDriver, connect: Connect, clock: Clock, stop: threading.Event, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.desk = desk.joined(connect())
        self.clock, self.stop, self.random = clock, stop, random.Random(seed)
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.act()
                self.done["done"] += 1
            except errors.SerializationFailure:
                self.done["retried"] += 1
            except psycopg.Error as error:
                self.failures.append(f"{type(error).__name__} ({error.sqlstate}): {error}")

    def act(self) -> None:
        raise NotImplementedError

    @contextmanager
    def transaction(self) -> Any:
        with self.desk.db.transaction():
            # The snapshot begins here; other hands may commit later times before this one gets its locks.
            self.desk.at(self.clock.now())
            yield


class Writer(Hand):
    """Closes, reopens, pauses, answers and re-prioritises; now and then several tickets in a transaction."""

    def act(self) -> None:
        count = self.random.choice([1, 1, 1, 1, 2, 3])
        statements = [
            self.statement(ticket) for ticket in sorted(self.random.sample(self.desk.tickets, count))
        ]
        with self.transaction():
            for statement in statements:
                self.desk.execute(statement)

    def statement(self, ticket: str) -> steps.Statement:
        kind = self.random.choice(["status"] * 4 + ["priority", "waiting", "reply", "call", "policy", "both"])
        if kind == "reply":
            late = timedelta(minutes=self.random.choice([0, 1, 30]))
            created_at = self.clock.now() - late
            name = f"{ticket} {self.name} {self.random.random()}"
            return steps.Comment((steps.NewComment(name, ticket, created_at=created_at),))
        if kind == "call":
            names = ["pause", "resume", "pause", "resume", "start_tracking", "cancel"]
            return steps.Call(self.random.choice(names), ticket)
        values: dict[str, object] = {}
        if kind in ("status", "both"):
            values["status"] = self.random.choice(list(STATUSES))
        if kind in ("priority", "both"):
            values["priority"] = self.random.choice(PRIORITIES)
        if kind == "waiting":
            values["response_state"] = self.random.choice(["awaiting_client", None])
        if kind == "policy":
            values["policy"] = self.random.choice(["gold", "silver", None])
        return steps.Update((ticket,), tuple(values.items()))


class Configurer(Hand):
    """Edits calendars and flips pause rules."""

    def act(self) -> None:
        statement: steps.Statement = self.random.choice(
            [
                steps.EditCalendar("office", self.random.choice([OFFICE, NO_LUNCH, STRIKE, NIGHTS])),
                steps.SetPausing("work", self.random.choice([True, False])),
                steps.SetPausing("waiting", self.random.choice([True, False])),
                steps.SetSetting("pause_on_awaiting_client", self.random.choice([True, False])),
                steps.SetSetting("reopen_mode", self.random.choice(["continue", "restart"])),
                steps.Recalculate("gold"),
            ]
        )
        with self.transaction():
            self.desk.execute(statement)
        time.sleep(0.05)


class Sweeper(Hand):
    """Sweeps all the time."""

    def act(self) -> None:
        self.desk.at(self.clock.now())
        self.desk.db.execute("call sla.sweep()")
        time.sleep(0.02)


def busy(desk: DeskDriver, connect: Connect, seconds: float, writers: int = 16) -> list[Hand]:
    """Lets all hands work for some seconds; the finished hands tell what they did and what went wrong."""
    clock, stop = Clock(), threading.Event()
    hands: list[Hand] = [Writer(desk, connect, clock, stop, seed) for seed in range(writers)]
    hands += [Configurer(desk, connect, clock, stop, 101), Sweeper(desk, connect, clock, stop, 102)]
    for hand in hands:
        hand.start()
    stop.wait(seconds)
    stop.set()
    for hand in hands:
        hand.join(timeout=60)
        assert not hand.is_alive(), f"{hand} hangs"
    return hands
