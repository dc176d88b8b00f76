"""A server that never answers does not keep a listener waiting for ever."""

import time
from threading import Event, Thread

import psycopg
import pytest

from slapg.listener.deadlines import Deadlines
from tests.listener.conftest import Connect


def test_who_waits_in_vain_is_woken(connect: Connect) -> None:
    deadlines, done, connection = Deadlines(), Event(), connect()

    def enforce() -> None:
        while not done.wait(0.05):
            deadlines.enforce()

    watch = Thread(target=enforce)
    watch.start()
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError), deadlines.within(connection, 0.2):
        connection.execute("select pg_sleep(20)")
    done.set()
    watch.join()
    assert time.monotonic() - began < 10
    assert connection.broken


def test_who_is_answered_in_time_is_left_alone(connect: Connect) -> None:
    deadlines, connection = Deadlines(), connect()
    with deadlines.within(connection, 20):
        assert deadlines.enforce() == 0
    with deadlines.within(connection, -1):
        pass
    assert deadlines.enforce() == 0
    assert connection.execute("select 1").fetchone() == (1,)
