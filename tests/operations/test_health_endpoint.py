"""`/healthz` and `/metrics` over real HTTP."""

import json
import socket
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
import urllib3
from prometheus_client.parser import text_string_to_metric_families

from slapg.errors import SlapgError
from slapg.listener.health import Health
from slapg.listener.http import HttpServer, read_address
from slapg.listener.metrics import Metrics
from slapg.listener.queue import QueueCollector

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(health)`: the base URL of a server that runs until the test ends."""
    running: list[HttpServer] = []

    def start(health: Health, metrics: Metrics | None = None, queue: QueueCollector | None = None) -> str:
        server = HttpServer("127.0.0.1:0", metrics or Metrics(queue), health, queue)
        server.start()
        running.append(server)
        return f"http://127.0.0.1:{server.port}"

    yield start
    for server in running:
        server.close()


def _get(url: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", url, retries=False, timeout=10)


def _health(base: str) -> tuple[int, dict[str, Any]]:
    response = _get(f"{base}/healthz")
    return response.status, json.loads(response.data)


def test_well_when_every_part_is(serve: Serve) -> None:
    health = Health(["timer", "email"])
    base = serve(health)
    health.alive("timer")
    assert _health(base) == (
        503,
        {
            "status": "failing",
            "parts": {
                "timer": {"ok": True, "problem": None},
                "email": {"ok": False, "problem": "has not started yet"},
            },
        },
    )
    health.alive("email")
    status, document = _health(base)
    assert (status, document["status"]) == (200, "ok")


def test_says_what_is_wrong_until_it_is_right_again(serve: Serve) -> None:
    health = Health(["timer"])
    base = serve(health)
    health.down("timer", "lost the database: the server was shut down")
    status, document = _health(base)
    assert status == 503
    assert document["parts"]["timer"]["problem"] == "lost the database: the server was shut down"
    health.alive("timer")
    assert _health(base)[0] == 200
    health.down("timer", "again")
    health.gone("timer")
    assert _health(base)[0] == 200


def test_a_part_that_falls_silent_is_hung_and_one_that_is_down_is_not(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("slapg.listener.health.monotonic", lambda: now)
    health = Health()
    base = serve(health)
    health.alive("heartbeat", within=40)
    health.down("timer", "lost the database", within=60)
    health.alive("email")
    now += 41
    assert health.hung() == ["heartbeat"]
    assert _health(base)[1]["parts"] == {
        "heartbeat": {"ok": False, "problem": "not heard from for 41 s"},
        "timer": {"ok": False, "problem": "lost the database"},
        "email": {"ok": True, "problem": None},
    }
    health.alive("heartbeat", within=40)
    assert health.hung() == []


def test_the_database_is_part_of_it(serve: Serve, db: psycopg.Connection[Any], db_url: str) -> None:
    queue = QueueCollector(db_url, kept_seconds=0)
    base = serve(Health(), queue=queue)
    assert _health(base) == (200, {"status": "ok", "parts": {"database": {"ok": True, "problem": None}}})
    db.execute("drop function sla.queue_depth()")
    status, document = _health(base)
    assert status == 503
    assert "sla.queue_depth" in document["parts"]["database"]["problem"]
    queue.close()


def test_metrics_as_prometheus_reads_them(serve: Serve) -> None:
    metrics = Metrics()
    metrics.attempted("email", "sent", 0.1)
    response = _get(f"{serve(Health(), metrics)}/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    families = {family.name for family in text_string_to_metric_families(response.data.decode())}
    assert {"slapg_delivery_attempts", "slapg_build_info", "process_resident_memory_bytes"} <= families


def test_other_paths_and_heads(serve: Serve) -> None:
    base = serve(Health())
    assert _get(base).status == 404
    head = urllib3.request("HEAD", f"{base}/healthz", retries=False)
    assert (head.status, head.data) == (200, b"")


def test_who_says_nothing_keeps_nobody_waiting(serve: Serve) -> None:
    base = serve(Health())
    host, port = base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as silent:
        silent.sendall(b"GET /met")
        assert _health(base)[0] == 200


def test_a_server_that_stopped_answering_is_told_within_seconds(
    serve: Serve, db: psycopg.Connection[Any], db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer waits for a lock, as that of a frozen server would: nobody waits for it for long."""
    monkeypatch.setattr("slapg.listener.queue.ANSWER_SECONDS", 1)
    queue = QueueCollector(db_url, kept_seconds=0)
    base = serve(Health(), queue=queue)
    done = Event()
    with db.transaction():
        db.execute("lock table sla.notifications in access exclusive mode")
        Thread(target=lambda: (_health(base), done.set())).start()
        status, document = _health(base)
        assert status == 503
        assert document["parts"]["database"]["problem"]
        assert done.wait(5)
    assert _health(base)[0] == 200
    queue.close()


@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), ("[::1]:0", ("::1", 0)), ("localhost:80", ("localhost", 80))],
)
def test_addresses(address: str, expected: tuple[str, int]) -> None:
    assert read_address(address) == expected


@pytest.mark.parametrize(
    "address", ["", "9464", ":9464", "localhost", "localhost:", "host:x", "h:99999", "::1:80"]
)
def test_no_addresses(address: str) -> None:
    with pytest.raises(SlapgError) as caught:
        read_address(address)
    assert caught.value.exit_code == 2


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SlapgError, match="cannot listen on") as caught:
            HttpServer(address, Metrics(), Health())
    assert caught.value.exit_code == 1
