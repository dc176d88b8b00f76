"""Carrying notifications from the outbox to channels: outages, lost connections, surprises."""

from collections.abc import Callable
from threading import Event

import psycopg
import pytest

from slapg.listener.outbox import Outbox
from slapg.listener.relay import Relay
from slapg.notifier import DeliveryError, Notification, UnreachableError
from tests.listener.conftest import Desk


class Postbox:
    """A channel that keeps what it gets, after doing `first` with it."""

    def __init__(self, name: str = "email", first: Callable[[Notification], None] = lambda _: None) -> None:
        self.name = name
        self.got: list[int] = []
        self.closed = 0
        self.first = first

    def send(self, notification: Notification) -> None:
        self.got.append(notification.notification_id)
        self.first(notification)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def outbox(connect) -> Outbox:
    return Outbox(connect())


def test_everything_due_is_delivered_once_and_the_channel_let_go(desk: Desk, outbox: Outbox) -> None:
    numbers = [desk.notification() for _ in range(3)]
    box = Postbox()
    assert Relay([box]).drain(outbox, Event()) == 3
    assert box.got == numbers
    assert box.closed == 1
    assert {desk.state(number) for number in numbers} == {"sent"}


def test_a_listener_leaves_channels_that_it_does_not_serve(desk: Desk, outbox: Outbox) -> None:
    other = desk.notification(channel="carrier_pigeon")
    assert Relay([Postbox()]).drain(outbox, Event()) == 0
    assert desk.row(other, "state, attempts") == ("pending", 0)


def test_a_channel_that_fails_for_good_is_not_tried_again(desk: Desk, outbox: Outbox) -> None:
    def refuse(_: Notification) -> None:
        raise DeliveryError("550 no such\r\n user", is_permanent=True)

    number = desk.notification()
    assert Relay([Postbox(first=refuse)]).drain(outbox, Event()) == 1
    assert desk.row(number, "state, attempts, last_error") == ("dead", 1, "550 no such user")


def test_an_outage_does_not_use_up_the_queue(desk: Desk, outbox: Outbox) -> None:
    def be_down(_: Notification) -> None:
        raise UnreachableError("nobody answers")

    numbers = [desk.notification() for _ in range(5)]
    box, other = Postbox(first=be_down), Postbox("webhook")
    hook = desk.notification(channel="webhook")
    relay = Relay([box, other])
    relay.drain(outbox, Event())
    relay.drain(outbox, Event())
    assert box.got == numbers[:1], "one found out, and the channel rests"
    assert [desk.row(number, "attempts")[0] for number in numbers] == [1, 0, 0, 0, 0]
    assert desk.state(hook) == "sent", "the other channel works on"


def test_a_surprise_is_an_attempt_like_any_other(desk: Desk, outbox: Outbox) -> None:
    def fall_over(_: Notification) -> None:
        raise ZeroDivisionError("oh")

    first, second = desk.notification(), desk.notification()
    Relay([Postbox(first=fall_over)]).drain(outbox, Event())
    assert desk.row(first, "state, attempts, last_error") == ("pending", 1, "ZeroDivisionError: oh")
    assert desk.row(second, "attempts") == (1,)


def test_a_stop_finishes_the_one_in_hand(desk: Desk, outbox: Outbox) -> None:
    numbers, stop = [desk.notification() for _ in range(3)], Event()
    box = Postbox(first=lambda _: stop.set())
    assert Relay([box]).drain(outbox, stop) == 1
    assert [desk.state(number) for number in numbers] == ["sent", "pending", "pending"]
    assert box.closed == 1


def test_what_was_sent_while_the_connection_broke_is_not_sent_again(db, desk: Desk, connect) -> None:
    number = desk.notification()
    doomed = connect()
    box = Postbox(first=lambda _: db.execute("select pg_terminate_backend(%s)", [doomed.info.backend_pid]))
    relay = Relay([box])
    with pytest.raises(psycopg.OperationalError):
        relay.drain(Outbox(doomed), Event())
    assert desk.state(number) == "pending"
    assert relay.drain(Outbox(connect()), Event()) == 0
    assert desk.state(number) == "sent"
    desk.end_leases()
    assert relay.drain(Outbox(connect()), Event()) == 0
    assert box.got == [number]
