"""Endpoints in trouble: they rest, are probed by one message at a time, and come back."""

import pytest

from slapg.listener import endpoints
from slapg.listener.endpoints import SLOW_SECONDS, Endpoints
from slapg.listener.outcome import Verdict


class Clock:
    """Stands still unless moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(endpoints, "monotonic", clock)
    return clock


def test_sound_endpoints_are_never_held_up(clock: Clock) -> None:
    known = Endpoints()
    assert all(known.begin("a") for _ in range(100))
    known.end("a", Verdict.FAILED, 0.1)
    known.end("a", Verdict.REFUSED, SLOW_SECONDS + 1)
    assert known.begin("a")
    assert (known.blocked(), known.seconds_to_probe()) == ([], None)


def test_an_unreachable_one_rests_longer_each_time_and_is_probed_by_one(clock: Clock) -> None:
    known = Endpoints()
    for longest in (1, 2, 4, 8, 16, 30, 30):
        assert known.begin("a")
        assert not known.begin("a") or longest == 1, "one probe at a time, once it is known"
        known.end("a", Verdict.UNREACHABLE, 0.1)
        rest = known.seconds_to_probe()
        assert rest is not None
        assert longest / 2 <= rest <= longest
        assert not known.begin("a")
        assert known.begin("b")
        assert known.blocked() == ["a"]
        clock.now += rest
        assert known.blocked() == []
    assert known.begin("a")
    assert known.blocked() == ["a"], "while it is probed"
    known.end("a", Verdict.SENT, 0.1)
    assert all(known.begin("a") for _ in range(10))


def test_what_fails_together_fails_once(clock: Clock) -> None:
    known = Endpoints()
    for _ in range(16):
        assert known.begin("a")
    for _ in range(16):
        known.end("a", Verdict.UNREACHABLE, 0.1)
    rest = known.seconds_to_probe()
    assert rest is not None
    assert rest <= 1


def test_one_that_fails_slowly_gets_one_message_at_a_time(clock: Clock) -> None:
    known = Endpoints()
    assert known.begin("a")
    known.end("a", Verdict.FAILED, SLOW_SECONDS + 1)
    assert (known.blocked(), known.seconds_to_probe()) == ([], None)
    assert known.begin("a")
    assert not known.begin("a")
    assert known.blocked() == ["a"]
    known.end("a", Verdict.FAILED, 0.1)
    assert known.begin("a")
    assert known.begin("a"), "it answers again, if only to say no"
