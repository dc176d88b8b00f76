"""A real listener as its operator sees it: systemd's socket, /healthz, /metrics and JSON logs."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import urllib3
from prometheus_client.parser import text_string_to_metric_families

from tests.listener.conftest import Desk, Listen, desk, listen, sink, wait_until  # noqa: F401 (fixtures)

PROMISE = """
with priority as (insert into helpdesk.priorities (name) values ('High') returning priority_id),
policy as (insert into sla.policies (name, is_default) values ('Gold', true) returning policy_id),
target as (
    insert into sla.policy_targets (policy_id, priority_id, resolution_minutes, is_24x7)
    select policy_id, priority_id, 60, true from priority, policy
)
select priority_id from priority
"""


class Watcher:
    """Looks at a listener from outside."""

    def __init__(self, manager: socket.socket, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self._manager = manager

    def told(self, state: str) -> bool:
        """Has the service manager been told so, since it was asked last?"""
        while True:
            try:
                if self._manager.recv(4096) == state.encode():
                    return True
            except BlockingIOError:
                return False

    def health(self) -> int:
        try:
            return urllib3.request("GET", f"{self.base}/healthz", retries=False, timeout=10).status
        except urllib3.exceptions.HTTPError:
            return 0

    def value(self, name: str, **labels: str) -> float:
        """The sum of the samples that have these labels."""
        text = urllib3.request("GET", f"{self.base}/metrics", retries=False, timeout=10).data.decode()
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Watcher]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        yield Watcher(manager, port)


def test_from_start_to_stop(
    db: psycopg.Connection[Any],
    desk: Desk,  # noqa: F811
    listen: Listen,  # noqa: F811
    watcher: Watcher,
    tmp_path: Path,
) -> None:
    listener = listen(
        "--timer",
        "--log-format=json",
        SLAPG_METRICS_ADDRESS=watcher.base.removeprefix("http://"),
        NOTIFY_SOCKET=str(tmp_path / "notify"),
        WATCHDOG_USEC="1000000",
    )
    wait_until(lambda: watcher.told("READY=1"), "READY=1")
    assert watcher.health() == 200
    assert watcher.value("slapg_database_up") == 1

    number = desk.notification()
    desk.hint()
    wait_until(lambda: desk.state(number) == "sent", "sent")
    wait_until(
        lambda: watcher.value("slapg_delivery_attempts_total", kind="email", outcome="sent") == 1, "counted"
    )
    wait_until(lambda: watcher.told("WATCHDOG=1"), "WATCHDOG=1")

    (priority,) = db.execute(PROMISE).fetchone() or (None,)
    db.execute(
        "insert into helpdesk.tickets (ticket_number, priority_id, entered_at)"
        " values ('T9', %s, now() - interval '59 minutes 59 seconds')",
        [priority],
    )
    wait_until(lambda: watcher.value("slapg_threshold_lateness_seconds_count") > 0, "swept")
    assert watcher.value("slapg_sweeps_total") > 0

    ended = db.execute(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid() and application_name like 'slapg%'"
    ).fetchone()
    assert ended is not None
    assert ended[0] >= 3
    wait_until(lambda: watcher.value("slapg_connections_lost_total", part="timer") > 0, "told of the loss")
    wait_until(lambda: watcher.health() == 200, "well again")

    assert listener.stop() == 0
    assert watcher.told("STOPPING=1")
    records = [json.loads(line) for line in listener.log().splitlines()]
    (sent,) = [record for record in records if record.get("outcome") == "sent"]
    assert (sent["notification_id"], sent["kind"], sent["attempt"]) == (number, "email", 1)
    assert {"timer", "relay"} <= {record["part"] for record in records}
    assert "WARNING" in {record["level"] for record in records}
