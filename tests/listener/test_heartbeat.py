"""A listener makes sure that it still hears; health, the watchdog and systemd are told."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from slapg.listener import Instruments, hints, systemd
from slapg.listener.hints import Hints
from slapg.listener.session import DeafError
from tests.listener.conftest import SECONDS, Connect, Desk, Listen, wait_until
from tests.notifier.smtp_sink import SmtpSink


def test_a_heartbeat_comes_back(connect: Connect) -> None:
    instruments, stop = Instruments(), Event()
    ears = connect()
    listening = Hints(lambda: None, instruments, heartbeat_seconds=0.1)
    listening.listen(ears)
    thread = Thread(target=listening.serve, args=("relay", ears, connect(), stop))
    thread.start()
    age = "slapg_heartbeat_age_seconds"
    wait_until(lambda: (instruments.metrics.registry.get_sample_value(age) or 99) < 5, "heard of itself")
    assert instruments.health.problems() == {"relay": None}
    stop.set()
    thread.join(SECONDS)


def test_the_calls_of_others_are_none_of_its_own(connect: Connect, monkeypatch) -> None:
    monkeypatch.setattr(hints, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(hints, "STOP_SECONDS", 0.05)
    deaf, mouth = connect(), connect()
    listening = Hints(lambda: None, Instruments(), heartbeat_seconds=10)
    deaf.execute(f"listen {hints.HEARTBEAT_CHANNEL}")
    mouth.execute(f"notify {hints.HEARTBEAT_CHANNEL}, 'another'")
    deaf.execute(f"unlisten {hints.HEARTBEAT_CHANNEL}")
    with pytest.raises(DeafError, match="no heartbeat came back within"):
        listening.serve("relay", deaf, mouth, Event())


def test_a_hint_wakes_and_so_does_the_beginning(connect: Connect) -> None:
    woken: list[float] = []
    ears, mouth, stop = connect(), connect(), Event()
    listening = Hints(lambda: woken.append(time.monotonic()), Instruments(), heartbeat_seconds=60)
    listening.listen(ears)
    assert len(woken) == 1
    thread = Thread(target=listening.serve, args=("relay", ears, mouth, stop))
    thread.start()
    time.sleep(0.1)
    said = time.monotonic()
    connect().execute("notify slapg")
    wait_until(lambda: len(woken) == 2, "woken")
    assert woken[1] - said < 1
    stop.set()
    thread.join(SECONDS)


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """What systemd listens at."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(SECONDS)
        yield manager


def test_systemd_hears_how_it_is(desk: Desk, sink: SmtpSink, listen: Listen, manager: socket.socket) -> None:
    listener = listen(NOTIFY_SOCKET=manager.getsockname(), WATCHDOG_USEC="400000")
    assert [manager.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    listener.process.terminate()
    heard = b"WATCHDOG=1"
    while heard == b"WATCHDOG=1":
        heard = manager.recv(100)
    assert heard == b"STOPPING=1"
    assert listener.process.wait(SECONDS) == 0


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
    ],
)
def test_the_watchdog_is_fed_twice_in_its_time(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], seconds: float | None
) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert systemd.watchdog_seconds() == seconds


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    systemd.tell(systemd.READY)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    systemd.tell(systemd.READY)


def test_the_abstract_address_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("")  # an abstract address of the kernel's choice
        manager.settimeout(SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + manager.getsockname()[1:].decode())
        systemd.tell(systemd.READY)
        assert manager.recv(100) == b"READY=1"
