"""A language of messages: its words (gettext catalogues in `locales/`), and how it writes instants.

Babel is asked once for each date, minute and unit that comes up, not once a message: it takes longer than the
rest of a message.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache, partial
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

ENGLISH = "en"
TRANSLATED = ("de", "es", "fr", "nl", "pl")
"""Languages with a catalogue; the messages themselves are English."""

_FORMATS = {ENGLISH: "en_GB"}
"""English of no country: days before months, hours up to 24."""

_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


class Language:
    """Words and formats of one language; shared by threads."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self.translations = catalogue(locale.language)
        self.gettext = self.translations.gettext
        self.ngettext = self.translations.ngettext
        formats = Locale.parse(_FORMATS.get(str(locale), str(locale)))
        self._date = _remembered(partial(format_date, format="full", locale=formats))
        self._short_date = _remembered(partial(format_date, format="medium", locale=formats))
        self._time = _remembered(partial(format_time, format="short", locale=formats))
        self._join = str(get_datetime_format("medium", locale=formats)).replace("'", "")
        self._decimal = _remembered(partial(format_decimal, locale=formats))
        width = _unit_width(formats)
        self._units = {
            unit: _remembered(
                partial(format_unit, measurement_unit=f"duration-{unit}", length=width, locale=formats)
            )
            for unit in _SECONDS
        }

    @property
    def tag(self) -> str:
        """As HTML's `lang` has it, such as `de` or `de-AT`."""
        return str(self.locale).replace("_", "-")

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return str(self.locale.text_direction)

    def instant(self, at: datetime, zone: tzinfo) -> str:
        """`Tuesday, 3 March 2026, 14:30 (Europe/Amsterdam)`; in an hour that comes twice, with its offset."""
        local = at.astimezone(zone)
        said = self._join.format(self._time(time(local.hour, local.minute)), self._date(local.date()))
        offset = f", {local:UTC%z}" if _is_repeated(local) else ""
        return f"{said} ({zone}{offset})"

    def short_instant(self, at: datetime, zone: tzinfo) -> str:
        """`3 Mar 2026, 14:30`, where the zone is named elsewhere."""
        local = at.astimezone(zone)
        said = self._join.format(self._time(time(local.hour, local.minute)), self._short_date(local.date()))
        return f"{said} ({local:UTC%z})" if _is_repeated(local) else said

    def duration(self, minutes: float) -> str:
        """Business time, as `2h 30m`; hours make no days, because a business day has no fixed length."""
        return self._span(round(abs(minutes) * 60), ("hour", "minute"))

    def remaining(self, span: timedelta) -> str:
        """Time on the wall, as `1d 4h`, `2h 30m` or `-45m`; its days have 24 hours."""
        seconds = round(abs(span.total_seconds()))
        units = ("day", "hour") if seconds >= _SECONDS["day"] else ("hour", "minute")
        sign = "-" if span < timedelta() and seconds else ""
        return sign + self._span(seconds, units)

    def number(self, number: float) -> str:
        """`33.5`, in its way of writing it."""
        return str(int(number)) if number == int(number) else self._decimal(number)

    def _span(self, seconds: int, units: tuple[str, ...]) -> str:
        parts, rest = [], seconds
        for unit in units:
            amount, rest = divmod(rest, _SECONDS[unit])
            if amount:
                parts.append(self._units[unit](amount))
        return " ".join(parts) or self._units["second"](seconds)


@lru_cache(maxsize=256)
def language(tag: str, also: frozenset[str] = frozenset()) -> Language:
    """The language for a recipient's `tag`, such as `de_AT` or `pl-PL`: English when there is none.

    `also`: languages without a catalogue for which a tenant has words of its own.
    """
    for known in chain(tag):
        if known.split("_")[0] in (ENGLISH, *TRANSLATED) or known in also:
            return Language(Locale.parse(known))
    return Language(Locale(ENGLISH))


@lru_cache(maxsize=1024)
def chain(tag: str) -> tuple[str, ...]:
    """The locales that stand for `tag`, the nearest first: `de-at.UTF-8` gives `de_AT`, `de`."""
    parts = tag.split(".")[0].replace("-", "_").split("_")
    found = []
    for length in range(len(parts), 0, -1):
        try:
            found.append(str(Locale.parse("_".join(parts[:length]))))
        except (ValueError, TypeError, UnknownLocaleError):
            continue
    return tuple(dict.fromkeys(found))


@cache
def catalogue(name: str) -> NullTranslations:
    """The translations of a language; those of a language without a catalogue are the messages themselves."""
    if name not in TRANSLATED:
        return NullTranslations()
    compiled = BytesIO()
    with files("slapg.notifier").joinpath("locales", f"{name}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=name))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _remembered(say: Callable[..., str]) -> Callable[..., str]:
    return lru_cache(maxsize=4096)(say)


def _unit_width(locale: Locale) -> Literal["short", "narrow"]:
    """`narrow` (2h), or `short` (2 Std.) in languages that do not shorten every unit so far."""
    said = (format_unit(2, f"duration-{unit}", "narrow", locale=locale) for unit in _SECONDS)
    return "short" if any("duration" in words for words in said) else "narrow"


def _is_repeated(local: datetime) -> bool:
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset() and _exists(local)


def _exists(local: datetime) -> bool:
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)
