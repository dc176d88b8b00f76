"""Carrying notifications from the outbox to channels: outages, lost connections, surprises."""

import threading
from collections.abc import Callable, Iterator
from threading import Event

import psycopg
import pytest

from slapg.listener import Instruments, Relay
from slapg.listener.line import Line
from slapg.listener.outbox import Outbox
from slapg.notifier import DIGEST, DeliveryError, Notification, UnreachableError
from tests.listener.conftest import SECONDS, Connect, Desk, wait_until


class Postbox:
    """A channel that keeps what it gets, after doing `first` with it."""

    def __init__(
        self,
        kind: str = "email",
        first: Callable[[Notification], str | None] = lambda _: None,
        concurrency: int = 1,
    ) -> None:
        self.kind = kind
        self.concurrency = concurrency
        self.got: list[Notification] = []
        self.closed = 0
        self.first = first

    @property
    def numbers(self) -> list[int]:
        return [notification.notification_id for notification in self.got]

    def send(self, notification: Notification) -> str | None:
        self.got.append(notification)
        return self.first(notification)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def outbox(connect: Connect) -> Outbox:
    return Outbox(connect())


MakeLine = Callable[..., Line]


@pytest.fixture
def line() -> Iterator[MakeLine]:
    """Makes lines, whose threads end with the test."""
    made: list[Line] = []

    def make(box: Postbox, **settings: object) -> Line:
        made.append(Line(box, Instruments(), **settings))
        return made[-1]

    yield make
    for one in made:
        one.stop()
        one.close()


@pytest.mark.parametrize("concurrency", [1, 4])
def test_everything_due_is_delivered_once_and_the_channel_let_go(
    desk: Desk, outbox: Outbox, line: MakeLine, concurrency: int
) -> None:
    numbers = [desk.notification() for _ in range(9)]
    box = Postbox(concurrency=concurrency)
    assert line(box).drain(outbox) == 9
    assert sorted(box.numbers) == numbers
    assert box.closed == 1
    assert {desk.state(number) for number in numbers} == {"sent"}


def test_one_at_a_time_is_called_in_the_thread_of_the_line(
    desk: Desk, outbox: Outbox, line: MakeLine
) -> None:
    threads: list[threading.Thread] = []
    desk.notification()
    line(Postbox(first=lambda _: threads.append(threading.current_thread()))).drain(outbox)
    assert threads == [threading.current_thread()]


def test_a_listener_leaves_kinds_that_it_does_not_serve(desk: Desk, outbox: Outbox, line: MakeLine) -> None:
    desk.channel("hook", "webhook", "https://example.com/")
    other = desk.notification(channel="hook")
    assert line(Postbox()).drain(outbox) == 0
    assert desk.row(other, "state, attempts") == ("pending", 0)
    box = Postbox("webhook")
    assert line(box).drain(outbox) == 1
    assert [(n.endpoint, n.kind, n.channel) for n in box.got] == [("https://example.com/", "webhook", "hook")]


def test_a_channel_that_fails_for_good_is_not_tried_again(desk: Desk, outbox: Outbox, line: MakeLine) -> None:
    def refuse(_: Notification) -> None:
        raise DeliveryError("550 no such\r\n \0user \udc80", is_permanent=True)

    number = desk.notification()
    assert line(Postbox(first=refuse)).drain(outbox) == 1
    assert desk.row(number, "state, attempts, last_error") == ("dead", 1, "550 no such �user �")


def test_a_remark_is_kept_with_what_was_sent(desk: Desk, outbox: Outbox, line: MakeLine) -> None:
    number = desk.notification()
    line(Postbox(first=lambda _: "your template failed")).drain(outbox)
    assert desk.row(number, "state, last_error") == ("sent", "your template failed")


@pytest.mark.parametrize("concurrency", [1, 4])
def test_an_outage_costs_no_attempt_and_only_that_endpoint_rests(
    desk: Desk, outbox: Outbox, line: MakeLine, concurrency: int
) -> None:
    def be_down(notification: Notification) -> None:
        if notification.channel == "broken":
            raise UnreachableError("nobody answers")

    desk.channel("broken", "webhook", "https://broken.example/")
    desk.channel("sound", "webhook", "https://sound.example/")
    numbers = [desk.notification(channel="broken") for _ in range(5)]
    hooks = [desk.notification(channel="sound") for _ in range(5)]
    box = Postbox("webhook", be_down, concurrency)
    serving = line(box)
    serving.drain(outbox)
    serving.drain(outbox)
    tried = sum(notification.channel == "broken" for notification in box.got)
    assert 1 <= tried <= concurrency, "who found out, and then the endpoint rests"
    rows = [desk.row(number, "state, attempts, last_error") for number in numbers]
    assert [row[:2] for row in rows] == [("pending", 0)] * 5
    assert [row[2] for row in rows].count("nobody answers") == tried
    assert {desk.state(hook) for hook in hooks} == {"sent"}, "the other endpoint works on"


def test_a_rested_endpoint_is_probed_by_one_message(
    db: psycopg.Connection, desk: Desk, outbox: Outbox, line: MakeLine
) -> None:
    is_down = True
    inside, most = 0, 0

    def be_down(_: Notification) -> None:
        nonlocal inside, most
        if is_down:
            raise UnreachableError("nobody answers")
        inside += 1
        most = max(most, inside)
        Event().wait(0.05)
        inside -= 1

    numbers = [desk.notification() for _ in range(6)]
    box = Postbox(first=be_down, concurrency=3)
    serving = line(box)
    serving.drain(outbox)
    found_out = len(box.got)
    is_down = False
    thread = threading.Thread(target=serving.serve, args=(outbox, 0.05))
    thread.start()
    wait_until(lambda: len(box.got) > found_out, "the probe")
    assert most <= 1
    wait_until(lambda: len(box.got) == found_out + 6, "all")
    serving.stop()
    thread.join(SECONDS)
    assert {desk.row(number, "state, attempts") for number in numbers} == {("sent", 1)}


def test_a_surprise_is_an_attempt_like_any_other(desk: Desk, outbox: Outbox, line: MakeLine) -> None:
    def fall_over(_: Notification) -> None:
        raise ZeroDivisionError("oh")

    first, second = desk.notification(), desk.notification()
    line(Postbox(first=fall_over)).drain(outbox)
    for number in (first, second):
        assert desk.row(number, "state, attempts, last_error") == ("pending", 1, "ZeroDivisionError: oh")


def test_a_stop_finishes_the_one_in_hand_and_hands_back_the_rest(
    desk: Desk, outbox: Outbox, line: MakeLine
) -> None:
    numbers = [desk.notification() for _ in range(3)]
    box = Postbox(first=lambda _: serving.stop())
    serving = line(box, window=3)
    serving.drain(outbox)
    assert [desk.row(n, "state, attempts, claimed_at is null") for n in numbers] == [
        ("sent", 1, True), ("pending", 0, True), ("pending", 0, True),
    ]  # fmt: skip
    assert box.closed == 1


def test_what_waits_until_half_of_its_lease_is_over_is_handed_back(
    desk: Desk, outbox: Outbox, line: MakeLine
) -> None:
    numbers = [desk.notification() for _ in range(3)]

    def dawdle(_: Notification) -> None:
        Event().wait(0.3)

    box = Postbox(first=dawdle)
    line(box, window=3, lease_seconds=0.4).drain(outbox)
    assert sorted(box.numbers) == numbers, "each once, claimed anew"
    assert {desk.row(n, "state, attempts") for n in numbers} == {("sent", 1)}


@pytest.mark.parametrize("concurrency", [1, 4])
def test_what_was_sent_while_the_connection_broke_is_not_sent_again(
    db: psycopg.Connection, desk: Desk, connect: Connect, line: MakeLine, concurrency: int
) -> None:
    numbers = [desk.notification() for _ in range(4)]
    doomed = connect()

    def cut(_: Notification) -> None:
        db.execute("select pg_terminate_backend(%s)", [doomed.info.backend_pid])

    box = Postbox(first=cut, concurrency=concurrency)
    serving = line(box, window=4)
    with pytest.raises(psycopg.OperationalError):
        serving.drain(Outbox(doomed))
    assert {desk.state(n) for n in numbers} == {"pending"}
    assert serving.drain(Outbox(connect())) == 0
    assert {desk.state(n) for n in numbers} == {"sent"}
    assert sorted(box.numbers) == numbers


def test_a_slow_message_does_not_hold_up_the_next(
    desk: Desk, outbox: Outbox, connect: Connect, line: MakeLine
) -> None:
    slow, done = desk.notification(), Event()

    def dawdle(notification: Notification) -> None:
        if notification.notification_id == slow:
            assert done.wait(SECONDS)

    serving = line(Postbox(first=dawdle, concurrency=2))
    thread = threading.Thread(target=serving.serve, args=(outbox, 3600))
    thread.start()
    wait_until(lambda: desk.row(slow, "claimed_at")[0], "claimed")
    later = desk.notification()
    serving.wake()
    wait_until(lambda: desk.state(later) == "sent", "recorded while the other is still being sent")
    assert desk.state(slow) == "pending"
    done.set()
    serving.stop()
    thread.join(SECONDS)
    assert desk.state(slow) == "sent"


def test_a_digest_is_one_message_with_one_fate(
    db: psycopg.Connection, desk: Desk, outbox: Outbox, line: MakeLine
) -> None:
    db.execute("update sla.settings set digest_after = 2")
    numbers = [desk.notification() for _ in range(4)]
    box = Postbox()
    assert line(box).drain(outbox) == 1
    (digest,) = box.got
    assert (digest.template, digest.notification_id) == (DIGEST, numbers[0])
    assert [member.notification_id for member in digest.members] == numbers
    assert {member.template for member in digest.members} == {"warning"}
    assert {desk.row(n, "state, attempts") for n in numbers} == {("sent", 1)}


@pytest.mark.parametrize("payload", ["[]", "null", '"text"'])
def test_a_payload_that_is_no_object_upsets_nobody(
    db: psycopg.Connection, desk: Desk, outbox: Outbox, line: MakeLine, payload: str
) -> None:
    number = desk.notification()
    db.execute("update sla.notifications set payload = %s", [payload])
    box = Postbox()
    line(box).drain(outbox)
    assert [notification.payload for notification in box.got] == [{}]
    assert desk.state(number) == "sent"


def test_suspects_are_sent_one_after_the_other(
    db: psycopg.Connection, desk: Desk, outbox: Outbox, line: MakeLine
) -> None:
    inside, most = 0, 0

    def count(_: Notification) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        Event().wait(0.05)
        inside -= 1

    numbers = [desk.notification() for _ in range(4)]
    db.execute("select from sla.claim_notifications('email', 10)")  # by one that is killed now
    desk.end_leases()
    box = Postbox(first=count, concurrency=4)
    assert line(box).drain(outbox) == 4
    assert most == 1
    assert all(notification.is_alone for notification in box.got)
    assert {desk.row(n, "state, attempts") for n in numbers} == {("sent", 1)}


def test_endpoints_left_to_others_are_not_claimed(desk: Desk, outbox: Outbox) -> None:
    number = desk.notification()
    relay = Relay([Postbox()], passed_over={"email": [""]})
    assert relay.lines[0].drain(outbox) == 0
    assert desk.row(number, "attempts") == (0,)
