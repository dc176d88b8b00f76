"""A private cluster starts, stops, outlives accidents and goes without a trace."""

import os
import signal
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from slapg.cluster import Cluster
from slapg.errors import SlapgError


def _ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def _tell(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_starting_twice_is_fine_and_stopping_too(stopped: Cluster) -> None:
    assert stopped.start() is True
    first = stopped.postmaster()
    assert stopped.start() is False
    assert stopped.postmaster() == first
    assert stopped.stop() is True
    assert stopped.stop() is False
    assert not stopped.is_running()


def test_starting_at_once_makes_one_server(make_home, slapg) -> None:
    home = make_home()
    with ThreadPoolExecutor(3) as threads:
        results = list(threads.map(lambda _: slapg("db", "start", home=home), range(3)))
    assert [result.returncode for result in results] == [0, 0, 0], results
    assert sorted(result.stdout.split(" in ")[0] for result in results) == [
        "already running",
        "already running",
        "started",
    ]


def test_two_checkouts_do_not_collide(make_home) -> None:
    one, two = Cluster(make_home()), Cluster(make_home())
    one.start()
    two.start()
    assert one.url() != two.url()
    _tell(one.url(), "create table public.only_here ()")
    assert _ask(two.url(), "select to_regclass('public.only_here')") is None
    one.stop()
    assert _ask(two.url(), "select 1") == 1


def test_killed_server_comes_back_with_its_data(stopped: Cluster) -> None:
    stopped.start()
    url = stopped.url()
    _tell(url, "create table public.kept as select 42 as answer")
    running = stopped.postmaster()
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    assert not _wait_for_end(stopped)
    assert stopped.start() is True
    assert stopped.url() == url
    assert _ask(url, "select answer from public.kept") == 42


def _wait_for_end(cluster: Cluster) -> bool:
    for _ in range(100):
        if not cluster.is_running():
            return False
        signal.sigtimedwait([], 0.05)
    return True


def test_number_of_a_killed_server_taken_by_another_process(stopped: Cluster) -> None:
    lines = [str(os.getpid()), str(stopped.data_dir), "0", "20000", "", "127.0.0.1", ""]
    (stopped.data_dir / "postmaster.pid").write_text("\n".join(lines))
    assert not stopped.is_running()
    assert stopped.start() is True
    assert stopped.is_running()


def test_port_taken_meanwhile(stopped: Cluster) -> None:
    stopped.start()
    running = stopped.postmaster()
    assert running is not None
    stopped.stop()
    with socket.create_server(("127.0.0.1", running.port)):
        stopped.start()
        assert stopped.url().rpartition(":")[2] != f"{running.port}/slapg"
        assert _ask(stopped.url(), "select 1") == 1


def test_home_with_a_path_longer_than_a_socket_may_have(make_home) -> None:
    home = make_home()
    deep = home.joinpath(*["a rather long name of a folder"] * 6)
    cluster = Cluster(deep)
    cluster.start()
    try:
        assert _ask(cluster.socket_url(), "select 1") == 1
    finally:
        cluster.destroy()


def test_destroy_leaves_nothing_but_what_is_not_its_own(make_home) -> None:
    home = make_home()
    cluster = Cluster(home)
    assert cluster.destroy() is False
    cluster.start()
    server, sockets = cluster.server_dir, cluster.socket_dir
    (home / "notes").touch()
    assert cluster.destroy() is True
    assert [path.name for path in home.iterdir()] == ["notes"]
    assert not server.exists()
    assert not sockets.exists()
    (home / "notes").unlink()
    home.rmdir()


def test_lost_password_is_an_error_that_says_what_to_do(make_home) -> None:
    cluster = Cluster(make_home())
    cluster.start()
    (cluster.home / "cluster.json").unlink()
    with pytest.raises(SlapgError, match=r"cluster\.json.* is gone") as caught:
        cluster.url()
    assert "slapg db destroy" in str(caught.value.hint)
    assert cluster.destroy() is True
    assert not cluster.exists()


def test_socket_folder_that_belongs_to_somebody_else_is_refused(make_home) -> None:
    cluster = Cluster(make_home())
    bait = Path(tempfile.mkdtemp())
    cluster.socket_dir.symlink_to(bait)
    try:
        with pytest.raises(SlapgError, match="is not a folder of the account"):
            cluster.start()
    finally:
        cluster.socket_dir.unlink()
        bait.rmdir()
