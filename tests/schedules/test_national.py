"""Public holidays of a country, as the library knows them."""

import os
from unittest.mock import patch

import pytest

from slapg.errors import SlapgError
from slapg.policies.rows import HolidayRow
from slapg.schedules.national import national_holidays

YEAR = range(2026, 2027)


def test_a_country_and_its_subdivision() -> None:
    federal = {row.date for row in national_holidays("DE", YEAR)}
    bavarian = {row.date for row in national_holidays("DE", YEAR, subdivision="BY")}
    assert len(federal) == 9
    assert bavarian - federal == {"2026-01-06", "2026-06-04", "2026-11-01"}


def test_names_are_of_the_country_whatever_the_terminal_speaks() -> None:
    with patch.dict(os.environ, {"LANGUAGE": "en_US", "LANG": "en_US.UTF-8"}):
        assert HolidayRow("2026-04-03", "Karfreitag", None, None) in national_holidays("DE", YEAR)
    assert HolidayRow("2026-04-03", "Good Friday", None, None) in national_holidays(
        "DE", YEAR, language="en_US"
    )


def test_only_the_years_asked_for() -> None:
    """New Year's Day of 2028 is a Saturday: it is observed on the last day of 2027."""
    assert {row.date[:4] for row in national_holidays("US", range(2027, 2028))} == {"2027"}


def test_half_days_are_closed_from_the_time_given() -> None:
    whole = national_holidays("GR", YEAR)
    found = national_holidays("GR", YEAR, half_days_from="12:00", language="en_US")
    assert [row for row in found if row.start_time] == [
        HolidayRow("2026-12-24", "Christmas Eve", "12:00", "24:00"),
        HolidayRow("2026-12-31", "New Year's Eve", "12:00", "24:00"),
    ]
    assert len(found) == len(whole) + 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"country": "XX"}, 'no holidays are known of country "XX"'),
        ({"country": "DE", "subdivision": "XX"}, 'DE has no subdivision "XX"'),
        ({"country": "DE", "language": "xx"}, 'the holidays of DE have no names in language "xx"'),
        ({"country": "DE", "half_days_from": "12:00"}, "no half day holidays are known of DE"),
        ({"country": "DE", "half_days_from": "noon"}, 'expected a local time such as 12:00, found "noon"'),
    ],
)
def test_what_the_library_does_not_know(arguments: dict[str, str], words: str) -> None:
    with pytest.raises(SlapgError) as refusal:
        national_holidays(years=YEAR, **arguments)
    assert refusal.value.message == words
    assert refusal.value.exit_code == 2
