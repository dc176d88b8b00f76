"""Several notifications in one message."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from slapg.notifier import Notification
from slapg.notifier.render import Renderer
from tests.notifier.conftest import PAYLOAD

NOW = datetime(2026, 3, 3, 12, 45, tzinfo=UTC)
RENDERER = Renderer()


@pytest.fixture
def digest(notify):
    """Makes a digest of (template, changes of the payload)."""

    def make(*parts: tuple[str, dict], **said) -> Notification:
        members = tuple(
            notify(template, PAYLOAD | {"ticket_number": str(1001 + place)} | changes, notification_id=place)
            for place, (template, changes) in enumerate(parts)
        )
        return replace(members[0], template="digest", digest_id=0, members=members, **said)

    return make


MIXED = (
    ("warning", {"percent": 75}),
    ("breach", {"percent": 100, "due_at": "2026-03-03T12:00:00+00:00", "title": "Mail <down>"}),
    ("warning", {"percent": 90}),
    ("escalation", {"percent": 110, "escalation_level": 3}),
    ("response_met", {"percent": None, "metric": "response", "completed_at": "2026-03-03T12:00:00Z"}),
    ("breach", {"percent": 120}),
)


def test_the_subject_counts_what_happened(digest) -> None:
    message = RENDERER.render(digest(*MIXED), NOW)
    assert message.subject == "SLA overview: 2 breaches, 1 escalation, 2 warnings, 1 target met"
    assert "6 messages in one, the most pressing first." in message.text
    assert "All times are those of Europe/Amsterdam." in message.text


def test_every_ticket_is_in_it_the_most_pressing_first(digest) -> None:
    message = RENDERER.render(digest(*MIXED), NOW)
    numbers = [line.split()[0] for line in message.text.splitlines() if line.startswith("10")]
    assert numbers == ["1006", "1002", "1004", "1003", "1001", "1005"]
    places = [message.html.index(f"<b>{number}</b>") for number in numbers]
    assert places == sorted(places)


def test_a_line_says_what_a_reader_needs(digest) -> None:
    message = RENDERER.render(digest(*MIXED), NOW)
    assert "1002  Mail <down>\n    resolution; 100 %; due 3 Mar 2026, 13:00; -45m\n" in message.text
    assert (
        "1004  Printer on fire\n    resolution; 110 %; level 3; due 3 Mar 2026, 14:30; 45m\n" in message.text
    )
    assert "1005  Printer on fire\n    response; in time; due 3 Mar 2026, 14:30\n" in message.text
    assert "Mail &lt;down&gt;" in message.html
    assert "<down>" not in message.html


@pytest.mark.parametrize(
    ("tag", "subject"),
    [
        ("de", "SLA-Übersicht: 2 Überschreitungen, 1 Eskalation, 2 Warnungen, 1 eingehaltene Frist"),
        ("pl", "Przegląd SLA: 2 przekroczenia, 1 eskalacja, 2 ostrzeżenia, 1 dotrzymany termin"),
    ],
)
def test_it_is_in_the_language_of_the_recipient(digest, tag: str, subject: str) -> None:
    message = RENDERER.render(digest(*MIXED, locale=tag), NOW)
    assert message.subject == subject
    assert f'lang="{tag}"' in message.html


def test_nothing_in_the_payloads_is_needed(notify) -> None:
    bare = tuple(notify(kind, {}, recipient_name=None) for kind in ("warning", "breach", "response_met"))
    message = RENDERER.render(replace(bare[0], template="digest", members=bare), NOW)
    assert message.subject == "SLA overview: 1 breach, 1 warning, 1 target met"
    for part in (message.text, message.html):
        assert "None" not in part


def test_a_tenant_may_word_it(digest) -> None:
    body = "{{ breaches }} of {{ messages }} are late\n{% for row in tickets %}{{ row.ticket }}, {% endfor %}"
    message = Renderer(load_rows=lambda _: [("digest", "", body)]).render(digest(*MIXED), NOW)
    assert message.problem is None
    assert message.subject == "2 of 6 are late"
    assert "1006, 1002, 1004, 1003, 1001, 1005," in message.text
