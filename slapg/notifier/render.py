"""Messages from templates: the shipped ones in `templates/`, or a tenant's own.

A template of a kind of notification has the headline on its first line and sentences below, one a line; the
layouts put them into a text and an HTML page, and only the HTML one is escaped.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, TemplateNotFound, select_autoescape

from slapg.notifier.channel import DeliveryError
from slapg.notifier.language import Language, language
from slapg.notifier.notification import DIGEST, Notification
from slapg.notifier.overrides import Override, OverrideStore, Row, TenantTemplates, explain
from slapg.notifier.sandbox import CarefulEnvironment
from slapg.notifier.words import describe, describe_digest

TITLE_LENGTH = 60
"""Characters of a ticket's title in a subject; mail programs cut off longer ones anyhow."""
LENGTH = 1_000_000
"""Characters of a page at most; more is a mistake in a template."""


_T = TypeVar("_T")


@dataclass(frozen=True)
class Message:
    """What a person reads."""

    subject: str
    """One line."""
    text: str
    html: str
    problem: str | None = None
    """A template of the tenant's own that failed, so that the shipped one was used; one line."""


class Renderer:
    """Makes messages; shared by threads.

    `templates_dir`: overrides as files, `DIR/<tenant_id>/[<locale>/]<template>.txt`, then
    `DIR/[<locale>/]<template>.txt`; layouts are `layout.txt` and `layout.html`.
    `load_rows(tenant_id)`: overrides as rows (template, locale, body), which win over files.
    Both are read again when the tenant's `config_version` changes.
    `on_template_error(template)` is called for each override that fails.
    """

    def __init__(
        self,
        templates_dir: Path | None = None,
        load_rows: Callable[[UUID], Iterable[Row]] | None = None,
        on_template_error: Callable[[str], None] | None = None,
    ) -> None:
        self._store = OverrideStore(templates_dir, load_rows)
        self._on_template_error = on_template_error

    def render(self, notification: Notification, now: datetime | None = None) -> Message:
        """The message of a notification, with what remains counted from `now` (by default the current time).

        Raises `DeliveryError` (permanent) for a kind without a template, and nothing else: a template of the
        tenant's own that fails is told in `problem`.
        """
        own = self._store.of(notification.tenant_id, notification.config_version)
        return _Rendering(notification, own, now or datetime.now(UTC), self._on_template_error).message()


class _Rendering:
    """One message in the making."""

    def __init__(
        self,
        notification: Notification,
        own: TenantTemplates,
        now: datetime,
        on_template_error: Callable[[str], None] | None,
    ) -> None:
        self._kind = DIGEST if notification.members else notification.template
        self._locale = notification.locale
        self._own = own
        self._words = language(notification.locale, own.locales)
        self._on_template_error = on_template_error
        self._problems = [own.problem] if own.problem else []
        describing = describe_digest if notification.members else describe
        self._variables = describing(notification, self._words, now)

    def message(self) -> Message:
        variables = self._variables
        headline, *sentences = self._fill(self._kind, f"{self._kind}.txt", _lines)
        variables["headline"], variables["sentences"] = headline, sentences
        return Message(
            subject=_subject(headline, variables["title"]),
            text=self._fill("layout.txt", "layout.txt", _page),
            html=self._fill("layout.html", "layout.html", _page),
            problem="; ".join(self._problems) or None,
        )

    def _fill(self, template: str, name: str, read: Callable[[str], _T]) -> _T:
        """The template filled in and read: the tenant's own, else (or should that fail) the shipped one."""
        override = self._own.find(template, self._locale)
        if override is not None:
            try:
                return read(self._fill_own(override, name))
            except Exception as error:  # a tenant's mistake, of whatever sort, delays no message
                self._report(override, error)
        return read(_shipped(name, self._words).render(self._variables))

    def _fill_own(self, override: Override, name: str) -> str:
        key = (name, override.locale, self._words)
        template = self._own.compiled.get(key)
        if template is None:
            template = self._own.compiled[key] = _compile(override, name, self._words)
        if isinstance(template, Exception):
            raise template
        pieces, length = [], 0
        for piece in template.generate(dict(self._variables)):
            pieces.append(piece)
            length += len(piece)
            if length > LENGTH:
                raise ValueError(f"it makes more than {LENGTH} characters")
        return "".join(pieces)

    def _report(self, override: Override, error: Exception) -> None:
        self._problems.append(explain(override, error))
        if self._on_template_error is not None:
            self._on_template_error(override.template)


def _lines(filled: str) -> list[str]:
    lines = [line.strip() for line in filled.splitlines() if line.strip()]
    if not lines:
        raise ValueError("it makes no headline")
    return lines


def _page(filled: str) -> str:
    page = filled.strip()
    if not page:
        raise ValueError("it makes an empty page")
    return page + "\n"


def _subject(headline: str, title: str | None) -> str:
    if title is None:
        return headline
    short = title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"
    return f"{headline}: {short}"


def _compile(override: Override, name: str, words: Language) -> Template | Exception:
    """Its mistake in place of the template, so that it is made out once a version."""
    environment = _sandbox(words)
    try:
        code = environment.compile(override.body, name, filename=str(override))
        return environment.template_class.from_code(environment, code, environment.make_globals(None))
    except Exception as error:  # anything that a compiler can say about a text
        return error


@lru_cache(maxsize=256)
def _shipped(name: str, words: Language) -> Template:
    try:
        template = _environment(words).get_template(name)
    except TemplateNotFound as error:
        raise DeliveryError(f"no template {error.name}", is_permanent=True) from error
    # Copied for each message: as the chain of dictionaries that Jinja makes, it is a tenth of the whole time.
    template.globals = dict(template.globals)
    return template


@lru_cache(maxsize=64)
def _environment(words: Language) -> Environment:
    return _speaking(
        Environment(
            loader=PackageLoader("slapg.notifier"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        ),
        words,
    )


@lru_cache(maxsize=64)
def _sandbox(words: Language) -> Environment:
    return _speaking(CarefulEnvironment(), words)


def _speaking(environment: Environment, words: Language) -> Environment:
    environment.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]
    return environment
