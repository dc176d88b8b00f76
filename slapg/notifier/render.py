"""Messages from the templates in `templates/`.

A template of a kind of notification has the headline on its first line and sentences below, one a line; the
layouts put them into a text and an HTML page, and only the HTML one is escaped.
"""

from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateNotFound, select_autoescape

from slapg.notifier.channel import DeliveryError
from slapg.notifier.notification import Notification
from slapg.notifier.words import describe

TITLE_LENGTH = 60
"""Characters of a ticket's title in a subject; mail programs cut off longer ones anyhow."""

COLOURS = {"warning": "#d98c00", "breach": "#c22f2f", "escalation": "#8a3ab9"}
COLOUR = "#2e8b57"

_ENVIRONMENT = Environment(
    loader=PackageLoader("slapg.notifier"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Message:
    """What a person reads."""

    subject: str
    """One line."""
    text: str
    html: str


def render(notification: Notification) -> Message:
    """The message of a notification; raises `DeliveryError` (permanent) for a kind without a template."""
    words = describe(notification)
    try:
        kind = _fill(f"{notification.template}.txt", words)
    except TemplateNotFound as error:
        raise DeliveryError(f"no template {error.name}", is_permanent=True) from error
    headline, *sentences = (line for line in kind.splitlines() if line)
    words |= {
        "headline": headline,
        "sentences": sentences,
        "colour": COLOURS.get(notification.template, COLOUR),
        "label_width": max((len(label) for label, _ in words["facts"]), default=0),
    }
    return Message(
        subject=_subject(headline, words["title"]),
        text=_fill("layout.txt", words) + "\n",
        html=_fill("layout.html", words) + "\n",
    )


def _fill(name: str, words: dict[str, Any]) -> str:
    return _ENVIRONMENT.get_template(name).render(words).strip()


def _subject(headline: str, title: str | None) -> str:
    if title is None:
        return headline
    short = title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"
    return f"{headline}: {short}"
