"""How durations, days, hours and dates are written in a policy file, and what they become."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""In the order of `day_of_week`: 0 is Sunday."""
WEEK = (1, 2, 3, 4, 5, 6, 0)
"""In the order in which people write them."""
LEAP_YEAR = 2000
"""The year that is stored with a yearly holiday; only its month and day count."""

Span = tuple[str, str]

_DURATION = re.compile(r"(?:(\d+)h)?(?:(?<=h) )?(?:(\d+)m)?(?:(?<=[hm]) )?(?:(\d+(?:\.\d{1,6})?)s)?")
_MINUTES = re.compile(r"(?:(\d+)h)?(?:(?<=h) )?(?:(\d+)m)?")
_TIME = r"(\d{1,2}):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?"
_SPAN = re.compile(rf"{_TIME}\s*-\s*{_TIME}")
_YEARLY = re.compile(r"(\d\d)-(\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LOCALE = r"[a-z]{2,3}(_[A-Za-z0-9]{2,8})*"


def refuse(expected: str) -> PydanticCustomError:
    """The error of a value that is not what was expected."""
    return PydanticCustomError("slapg", "expected {expected}", {"expected": expected})


# Durations


def parse_minutes(value: Any) -> int:
    """`1h 30m` in minutes."""
    match = _MINUTES.fullmatch(value) if isinstance(value, str) and value else None
    if match is None:
        raise refuse("business time such as 4h, 30m or 1h 30m")
    return 60 * int(match[1] or 0) + int(match[2] or 0)


def minutes_words(minutes: int) -> str:
    """90 minutes as `1h 30m`."""
    hours, left = divmod(minutes, 60)
    return " ".join([f"{hours}h"] * bool(hours) + [f"{left}m"] * bool(left or not hours))


def parse_seconds(value: Any) -> Decimal:
    """`24h` or `1h 30m 10s` in seconds."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value else None
    if match is None:
        raise refuse("a time such as 24h or 1h 30m")
    return 3600 * Decimal(match[1] or 0) + 60 * Decimal(match[2] or 0) + Decimal(match[3] or 0)


def seconds_words(seconds: Decimal) -> str:
    """86,400 seconds as `24h`."""
    minutes, left = divmod(seconds, 60)
    if not left:
        return minutes_words(int(minutes))
    words = f"{left:f}"
    words = words.rstrip("0").rstrip(".") if "." in words else words
    return f"{minutes_words(int(minutes))} {words}s" if minutes else f"{words}s"


# Days and hours


def parse_days(value: Any) -> tuple[int, ...]:
    """`mon-fri` or `mon, wed, sat-sun` as days of the week, Monday first."""
    days: set[int] = set()
    for part in value.split(",") if isinstance(value, str) else [""]:
        first, dash, last = (word.strip().lower() for word in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise refuse(f"days such as mon-fri or mon, wed, sat of {', '.join(DAYS[d] for d in WEEK)}")
        start, end = DAYS.index(first), DAYS.index(last or first)
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return tuple(day for day in WEEK if day in days)


def days_words(days: tuple[int, ...]) -> str:
    """Runs of three days and more are written as one: `mon-fri, sun`."""
    places = [place for place, day in enumerate(WEEK) if day in days]
    parts: list[str] = []
    while places:
        length = next(
            (n for n in range(1, len(places)) if places[n] != places[0] + n),
            len(places),
        )
        run, places = [DAYS[WEEK[place]] for place in places[:length]], places[length:]
        parts += [f"{run[0]}-{run[-1]}"] if length > 2 else run
    return ", ".join(parts)


def parse_hours(value: Any) -> tuple[Span, ...]:
    """`09:00-12:30, 13:30-17:00` as pairs of local times."""
    spans = [_span(part.strip()) for part in value.split(",")] if isinstance(value, str) else [None]
    if None in spans:
        raise refuse("hours such as 09:00-17:00, several with commas between, midnight as 24:00")
    return tuple(sorted(span for span in spans if span))


def _span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    start, end = time_words(*match.group(1, 2, 3)), time_words(*match.group(4, 5, 6))
    return (start, end) if start < "24" and end <= "24:00" else None


def time_words(hour: str, minute: str, second: str | None) -> str:
    """`09:00`, and the seconds where there are any."""
    second = second or "00"
    if "." in second:
        second = second.rstrip("0").rstrip(".")
    return f"{int(hour):02}:{minute}" + (f":{second}" if second != "00" else "")


def time_from_sql(text: str) -> str:
    """PostgreSQL's `09:00:00` as `09:00`."""
    hour, minute, second = text.split(":")
    return time_words(hour, minute, second)


def hours_words(spans: tuple[Span, ...]) -> str:
    """The way back from `parse_hours`."""
    return ", ".join(f"{start}-{end}" for start, end in spans)


# Dates


def parse_date(value: Any) -> date:
    """`2026-06-01`."""
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise refuse("a date such as 2026-06-01")


def parse_holiday_date(value: Any) -> str:
    """`2026-04-03` for that day, `12-25` for every year."""
    yearly = _YEARLY.fullmatch(value) if isinstance(value, str) else None
    try:
        if yearly:
            date(LEAP_YEAR, int(yearly[1]), int(yearly[2]))
            return str(value)
        return parse_date(value).isoformat()
    except (ValueError, PydanticCustomError):
        raise refuse("a date such as 2026-04-03, or month and day such as 12-25 for every year") from None


def plain_holiday_date(value: str) -> str | date:
    """A date by itself, so that YAML needs no quotes around it."""
    return date.fromisoformat(value) if len(value) > len("12-25") else value


# Languages


def parse_locale(value: Any) -> str:
    """`de` or `pt_BR`."""
    if isinstance(value, str) and re.fullmatch(_LOCALE, value):
        return value
    raise refuse("a language such as de or pt_BR")


def _text(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "examples": list(examples)})


_DAY = f"\\s*({'|'.join(DAYS)})\\s*"
_CLOCK = r"\s*\d{1,2}:[0-5]\d(:[0-5]\d(\.\d{1,6})?)?\s*"

Minutes = Annotated[
    int,
    BeforeValidator(parse_minutes),
    PlainSerializer(minutes_words),
    _text(r"(\d+h ?\d+m|\d+h|\d+m)", "30m", "4h", "1h 30m"),
]
Seconds = Annotated[
    Decimal,
    BeforeValidator(parse_seconds),
    PlainSerializer(seconds_words),
    _text(r"(?=\d)(\d+h)? ?(\d+m)? ?(\d+(\.\d{1,6})?s)?", "24h", "30m"),
]
Days = Annotated[
    tuple[int, ...],
    BeforeValidator(parse_days),
    PlainSerializer(days_words),
    _text(f"{_DAY}(-{_DAY})?(,{_DAY}(-{_DAY})?)*", "mon-fri", "mon, wed, sat"),
]
Hours = Annotated[
    tuple[Span, ...],
    BeforeValidator(parse_hours),
    PlainSerializer(hours_words),
    _text(f"{_CLOCK}-{_CLOCK}(,{_CLOCK}-{_CLOCK})*", "09:00-17:00", "09:00-12:30, 13:30-24:00"),
]
LocalDate = Annotated[date, BeforeValidator(parse_date), _text(r"\d{4}-\d\d-\d\d", "2026-06-01")]
Locale = Annotated[str, BeforeValidator(parse_locale), _text(_LOCALE, "de", "pt_BR")]
HolidayDate = Annotated[
    str,
    BeforeValidator(parse_holiday_date),
    PlainSerializer(plain_holiday_date),
    _text(r"(\d{4}-)?\d\d-\d\d", "2026-04-03", "12-25"),
]
