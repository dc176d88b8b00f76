"""The Redis channel, against a real Redis server."""

import json
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from slapg.notifier import DeliveryError, UnreachableError
from slapg.notifier.redis_stream import STREAM, RedisChannel
from slapg.notifier.secrets import Secrets
from tests.notifier.redis_server import RedisServer

PASSWORD = "p@ss/w?rd"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    # Short, because of the socket's path.
    with TemporaryDirectory() as folder, RedisServer(Path(folder), PASSWORD) as server:
        yield server


@pytest.fixture(autouse=True)
def empty(server: RedisServer) -> None:
    server.client.flushall()
    server.client.config_set("maxmemory", 0)


@pytest.fixture
def channel() -> Iterator[RedisChannel]:
    channel = RedisChannel(Secrets({"SLAPG_SECRET_REDIS": PASSWORD}))
    yield channel
    channel.close()


@pytest.fixture
def url(server: RedisServer) -> str:
    return f"redis://:${{env:REDIS}}@127.0.0.1:{server.port}/0"


def test_an_event_arrives_in_the_streams_own_shape(
    server: RedisServer, channel: RedisChannel, url: str, notify
) -> None:
    assert STREAM == "alga-psa:event-stream:global:TICKET_SLA_THRESHOLD_REACHED"
    assert channel.send(notify(kind="redis", url=url)) is None
    ((_, fields),) = server.client.xrange(STREAM)
    assert fields["channel"] == "global"
    event = json.loads(fields["event"])
    assert uuid.UUID(event.pop("id")).version == 5
    assert event == {
        "eventType": "TICKET_SLA_THRESHOLD_REACHED",
        "timestamp": "2026-03-03T12:30:01Z",
        "payload": {
            "tenantId": "00000000-0000-0000-0000-000000000001",
            "occurredAt": "2026-03-03T12:30:00Z",
            "ticketId": "00000000-0000-0000-0000-000000000002",
            "phase": "resolution",
            "thresholdPercent": 75,
        },
    }


def test_every_attempt_has_the_same_id(server: RedisServer, channel: RedisChannel, url: str, notify) -> None:
    for parts in ({}, {"attempt": 2}, {"notification_id": 8}):
        channel.send(notify(url=url, **parts))
    ids = [json.loads(fields["event"])["id"] for _, fields in server.client.xrange(STREAM)]
    assert ids[0] == ids[1] != ids[2]


def test_the_url_names_the_stream_and_its_length(
    server: RedisServer, channel: RedisChannel, url: str, notify
) -> None:
    for number in range(300):
        channel.send(notify(notification_id=number, url=f"{url}?stream=sla:events&maxlen=100"))
    # About so many: Redis drops whole nodes of a hundred entries.
    assert 100 <= server.client.xlen("sla:events") < 300
    assert server.client.xlen(STREAM) == 0


def test_a_socket_serves_too(server: RedisServer, channel: RedisChannel, notify) -> None:
    channel.send(notify(url=f"unix://:${{env:REDIS}}@{server.socket}?db=1"))
    client = server.client
    client.select(1)
    assert client.xlen(STREAM) == 1


def test_threads_share_few_connections(server: RedisServer, channel: RedisChannel, url: str, notify) -> None:
    with ThreadPoolExecutor(channel.concurrency) as threads:
        list(threads.map(lambda number: channel.send(notify(notification_id=number, url=url)), range(100)))
    assert server.client.xlen(STREAM) == 100
    named = [client for client in server.client.client_list() if client["name"] == "slapg"]
    assert len(named) <= channel.concurrency
    channel.close()


def test_a_connection_that_the_server_ended_is_opened_again(
    server: RedisServer, channel: RedisChannel, url: str, notify
) -> None:
    channel.send(notify(url=url))
    server.client.client_kill_filter(_type="normal", skipme=True)
    channel.send(notify(url=url))
    assert server.client.xlen(STREAM) == 2


def test_a_server_that_is_down_is_out_of_order_until_it_is_back(
    server: RedisServer, channel: RedisChannel, url: str, notify
) -> None:
    channel.send(notify(url=url))
    server.stop()
    for _ in range(2):
        with pytest.raises(UnreachableError, match="refused"):
            channel.send(notify(url=url))
    server.start()
    channel.send(notify(url=url))
    assert server.client.xlen(STREAM) == 1


def test_a_wrong_password_is_out_of_order(server: RedisServer, channel: RedisChannel, notify) -> None:
    with pytest.raises(UnreachableError, match=r"(?i)password|authentication"):
        channel.send(notify(url=f"redis://:wrong@127.0.0.1:{server.port}"))


def test_a_stream_of_another_type_is_final(
    server: RedisServer, channel: RedisChannel, url: str, notify
) -> None:
    server.client.set(STREAM, "no stream")
    with pytest.raises(DeliveryError, match=r"WRONGTYPE|wrong kind") as failure:
        channel.send(notify(url=url))
    assert failure.value.is_permanent


def test_a_full_server_may_have_room_later(
    server: RedisServer, channel: RedisChannel, url: str, notify
) -> None:
    server.client.config_set("maxmemory", 1)
    with pytest.raises(DeliveryError, match="maxmemory") as failure:
        channel.send(notify(url=url))
    assert not failure.value.is_permanent
    assert type(failure.value) is DeliveryError


@pytest.mark.parametrize("query", ["socket_timeout=9999", "maxlen=many", "db=-1"])
def test_other_options_are_final(channel: RedisChannel, url: str, notify, query: str) -> None:
    with pytest.raises(DeliveryError, match="stream, and the numbers maxlen and db") as failure:
        channel.send(notify(url=f"{url}?{query}"))
    assert failure.value.is_permanent


def test_without_the_library_the_word_is_what_to_install(
    channel: RedisChannel, url: str, notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(UnreachableError, match=r"pip install 'slapg\[redis\]'"):
        channel.send(notify(url=url))
