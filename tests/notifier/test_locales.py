"""Messages in languages: every word is there, and says with its placeholders what the English one says."""

import re
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from slapg.notifier.language import TRANSLATED, language
from slapg.notifier.render import Renderer
from tests.notifier.conftest import PAYLOAD

NOTIFIER = Path(str(files("slapg.notifier")))
KINDS = ("warning", "breach", "escalation", "response_met", "resolution_met")
NOW = datetime(2026, 3, 3, 12, 45, tzinfo=UTC)
RENDERER = Renderer()


@pytest.fixture(scope="module")
def said() -> set[str | tuple[str, str]]:
    """The English messages in templates and code; one with a plural is a pair."""
    found = set()
    options = {"trim_blocks": "true", "newstyle_gettext": "true"}
    for path in sorted((NOTIFIER / "templates").iterdir()):
        for _, function, message, _ in babel_extract(
            BytesIO(path.read_bytes()), ["gettext", "ngettext"], [], options
        ):
            texts = message if isinstance(message, tuple) else (message,)
            found.add(tuple(texts[:2]) if function == "ngettext" else texts[0])
    for path in NOTIFIER.glob("*.py"):
        with path.open("rb") as source:
            found |= {message for _, message, _, _ in extract("python", source)}
    return found


def catalog(name: str) -> Catalog:
    with (NOTIFIER / "locales" / f"{name}.po").open("rb") as source:
        return read_po(source, locale=name, abort_invalid=True)


def messages(name: str) -> list[Message]:
    return [message for message in catalog(name) if message.id]


def test_every_catalogue_is_offered() -> None:
    assert {path.stem for path in (NOTIFIER / "locales").glob("*.po")} == set(TRANSLATED)


@pytest.mark.parametrize("name", TRANSLATED)
def test_no_message_is_missing_or_stale(name: str, said: set) -> None:
    assert len(said) > 50
    assert {message.id for message in messages(name)} == said
    assert not catalog(name).obsolete


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_message_is_translated_with_its_placeholders(name: str) -> None:
    forms = catalog(name).num_plurals
    for message in messages(name):
        texts = message.string if message.pluralizable else (message.string,)
        assert not message.fuzzy, message.id
        assert len(texts) == (forms if message.pluralizable else 1), message.id
        assert all(texts), f"{message.id} has no translation"
        english = message.id[0] if message.pluralizable else message.id
        for text in texts:
            assert placeholders(text) == placeholders(english), text
            assert text % dict.fromkeys(placeholders(text), "x"), "% is written %%"


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("name", TRANSLATED)
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_in_one_language(notify, name: str, kind: str) -> None:
    english, message = (RENDERER.render(notify(kind, locale=tag), NOW) for tag in ("en", name))
    assert message.subject != english.subject
    assert f'<html lang="{name}" dir="ltr">' in message.html
    same = set(english.text.splitlines()) & set(message.text.splitlines())
    # A label may be spelled alike (Board, Client); a sentence may not.
    assert not [line for line in same if line.strip(" -") and "  " not in line]


@pytest.mark.parametrize(
    ("name", "breaches"),
    [
        ("pl", {1: "1 przekroczenie", 2: "2 przekroczenia", 5: "5 przekroczeń", 22: "22 przekroczenia"}),
        ("fr", {0: "0 dépassement", 1: "1 dépassement", 2: "2 dépassements"}),
        ("de", {0: "0 Überschreitungen", 1: "1 Überschreitung", 2: "2 Überschreitungen"}),
    ],
)
def test_plurals_are_those_of_the_language(name: str, breaches: dict[int, str]) -> None:
    ngettext = language(name).ngettext
    said = {n: ngettext("%(num)s breach", "%(num)s breaches", n) % {"num": n} for n in breaches}
    assert said == breaches


def test_teens_are_many_in_polish() -> None:
    ngettext = language("pl").ngettext
    assert ngettext("%(num)s warning", "%(num)s warnings", 12) == "%(num)s ostrzeżeń"


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("de", "de"),
        ("de_AT", "de-AT"),
        ("de-at.UTF-8", "de-AT"),
        ("de_XX", "de"),
        ("pt_BR", "en"),
        ("ar", "en"),
        ("", "en"),
        ("nonsense!", "en"),
        ("../de", "en"),
        ("en_US", "en-US"),
    ],
)
def test_the_nearest_known_language_is_used(notify, tag: str, lang: str) -> None:
    assert f'<html lang="{lang}" ' in RENDERER.render(notify(locale=tag), NOW).html


@pytest.mark.parametrize(
    ("tag", "due"),
    [
        ("en", "Tuesday, 6 January 2026, 14:30 (Europe/Amsterdam)"),
        ("en_US", "Tuesday, January 6, 2026, 2:30\u202fPM (Europe/Amsterdam)"),
        ("de", "Dienstag, 6. Januar 2026, 14:30 (Europe/Amsterdam)"),
        ("de_AT", "Dienstag, 6. Jänner 2026, 14:30 (Europe/Amsterdam)"),
        ("pl", "wtorek, 6 stycznia 2026, 14:30 (Europe/Amsterdam)"),
    ],
)
def test_dates_are_written_as_in_the_country(notify, tag: str, due: str) -> None:
    late = PAYLOAD | {"due_at": "2026-01-06T13:30:00+00:00"}
    assert due in RENDERER.render(notify("breach", late, locale=tag), NOW).text


def test_fractions_are_written_as_in_the_language(notify) -> None:
    message = RENDERER.render(notify(payload=PAYLOAD | {"percent": 33.5}, locale="de"), NOW)
    assert message.subject.startswith("Ticket 1234 hat 33,5\u00a0% seiner Lösungszeit verbraucht")


def test_a_metric_of_the_future_has_a_name(notify) -> None:
    message = RENDERER.render(notify(payload=PAYLOAD | {"metric": "on_site"}, locale="de"), NOW)
    assert "seiner on site-Zeit verbraucht" in message.subject
