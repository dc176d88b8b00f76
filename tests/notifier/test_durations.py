"""How long, as people say it."""

from datetime import timedelta

import pytest

from slapg.notifier.language import language
from slapg.notifier.words import duration


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(150, "2h 30m"), (4320, "72h"), (60, "1h"), (59, "59m"), (0.5, "30s"), (0, "0s"), (None, None)],
)
def test_business_time_is_in_hours_and_minutes(minutes: float | None, said: str | None) -> None:
    assert duration(minutes) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (150, "2h 30m"),
        (-45, "-45m"),
        (28 * 60, "1d 4h"),
        (28 * 60 + 59, "1d 4h"),
        (24 * 60, "1d"),
        (24 * 60 - 1, "23h 59m"),
        (-3 * 24 * 60, "-3d"),
        (-0.5, "-30s"),
        (0, "0s"),
        (-0.001, "0s"),
    ],
)
def test_time_on_the_wall_has_days_and_a_sign(minutes: float, said: str) -> None:
    assert language("en").remaining(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("tag", "said", "span"),
    [
        ("de", "2 Std. 30 Min.", "1 Tg. 4 Std."),
        ("fr", "2h 30min", "1j 4h"),
        ("es", "2h 30min", "1d 4h"),
        ("nl", "2 u 30 m", "1 d 4 u"),
        ("pl", "2 godz. 30 min", "1 dzień 4 godz."),
    ],
)
def test_units_are_those_of_the_language(tag: str, said: str, span: str) -> None:
    assert duration(150, language(tag)) == said
    assert language(tag).remaining(timedelta(hours=28)) == span
