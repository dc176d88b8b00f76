"""Public holidays of a country, from the `holidays` library."""

import re
from datetime import date

import holidays

from slapg.errors import SlapgError
from slapg.policies.rows import HolidayRow

MIDNIGHT = "24:00"
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def national_holidays(
    country: str,
    years: range,
    *,
    subdivision: str | None = None,
    language: str | None = None,
    half_days_from: str | None = None,
) -> list[HolidayRow]:
    """Each date once, its names joined, in the country's language unless said otherwise.

    With `half_days_from` (local time) also the half-day holidays that the library knows, closed from then on.
    Raises `SlapgError` (wrong use) for a country, subdivision or language that the library does not have.
    """
    if half_days_from is not None and not CLOCK.fullmatch(half_days_from):
        raise SlapgError(f'expected a local time such as 12:00, found "{half_days_from}"', exit_code=2)
    language = language or _language(country, subdivision)
    found = [
        HolidayRow(day.isoformat(), name, None, None)
        for day, name in _days(country, subdivision, years, language, "public")
    ]
    if half_days_from:
        whole = {row.date for row in found}
        found += [
            HolidayRow(day.isoformat(), name, half_days_from, MIDNIGHT)
            for day, name in _days(country, subdivision, years, language, "half_day")
            if day.isoformat() not in whole
        ]
    return sorted(found)


def _language(country: str, subdivision: str | None) -> str | None:
    """The country's own: the library would take that of the terminal."""
    return _calendar(country, subdivision, None, range(0), "public").default_language


def _days(
    country: str, subdivision: str | None, years: range, language: str | None, category: str
) -> list[tuple[date, str]]:
    if category not in _calendar(country, subdivision, None, range(0), "public").supported_categories:
        raise SlapgError(f"no {category.replace('_', ' ')} holidays are known of {country}", exit_code=2)
    calendar = _calendar(country, subdivision, language, years, category)
    return [(day, "; ".join(calendar.get_list(day))) for day in sorted(calendar) if day.year in years]


def _calendar(
    country: str, subdivision: str | None, language: str | None, years: range, category: str
) -> holidays.HolidayBase:
    try:
        calendar = holidays.country_holidays(
            country, subdiv=subdivision, years=years, language=language, categories=category
        )
    except NotImplementedError:
        known = holidays.list_supported_countries()
        if country not in known:
            raise SlapgError(
                f'no holidays are known of country "{country}"',
                hint="give its ISO 3166 code, such as DE, NL or US",
                exit_code=2,
            ) from None
        raise SlapgError(
            f'{country} has no subdivision "{subdivision}"',
            hint=f"there are {', '.join(known[country])}" if known[country] else "leave it out",
            exit_code=2,
        ) from None
    if language and language not in calendar.supported_languages and language != calendar.default_language:
        languages = ", ".join(calendar.supported_languages)
        raise SlapgError(
            f'the holidays of {country} have no names in language "{language}"',
            hint=f"there are {languages}" if languages else "leave it out",
            exit_code=2,
        )
    return calendar
