"""What people read: subject, text and HTML of each kind of notification."""

from datetime import UTC, datetime

import pytest

from slapg.notifier import DeliveryError, Notification
from slapg.notifier.render import Message, Renderer
from tests.notifier.conftest import PAYLOAD

KINDS = ("warning", "breach", "escalation", "response_met", "resolution_met")


NOW = datetime(2026, 3, 3, 12, 45, tzinfo=UTC)
RENDERER = Renderer()


def render(notification: Notification) -> Message:
    return RENDERER.render(notification, NOW)


@pytest.mark.parametrize(
    ("template", "changes", "subject"),
    [
        ("warning", {}, "Ticket 1234 has used 75 % of its resolution time"),
        ("warning", {"metric": "next_response"}, "Ticket 1234 has used 75 % of its next response time"),
        ("breach", {"percent": 100}, "Ticket 1234 has missed its resolution time"),
        ("breach", {"percent": 120}, "Ticket 1234 is 20 % over its resolution time"),
        ("escalation", {"escalation_level": 2}, "Ticket 1234 is escalated to you (level 2)"),
        ("response_met", {"metric": "response"}, "Ticket 1234 was answered in time"),
        ("resolution_met", {}, "Ticket 1234 was resolved in time"),
    ],
)
def test_the_subject_says_what_happened(notify, template: str, changes: dict, subject: str) -> None:
    assert render(notify(template, PAYLOAD | changes)).subject == f"{subject}: Printer on fire"


def test_a_warning_says_what_is_left_and_when_it_is_due_there(notify) -> None:
    message = render(notify())
    for part in (message.text, message.html):
        assert "1h of 4h was left at that moment." in part
        assert "It is due on Tuesday, 3 March 2026, 14:30 (Europe/Amsterdam)." in part
        assert "Hello Anna," in part
    assert "Priority      High\nClient        Acme\n" in message.text
    assert "Remaining     45m\n" in message.text
    assert message.problem is None


def test_what_is_late_says_how_late(notify) -> None:
    late = notify("breach", PAYLOAD | {"percent": 100, "due_at": "2026-03-03T12:00:00+00:00"})
    assert "Remaining      -45m\n" in render(late).text


def test_what_is_done_says_nothing_of_what_remains(notify) -> None:
    done = PAYLOAD | {"completed_at": "2026-03-03T12:00:00+00:00"}
    assert "Remaining" not in render(notify("resolution_met", done)).text


def test_a_channel_of_many_hears_whom_it_concerns(notify) -> None:
    said = PAYLOAD | {"escalation_level": 2, "recipients": [{"name": "Anna", "email": None}, {"name": "Bo"}]}
    message = render(notify("escalation", said, user_id=None, recipient_name=None))
    assert message.subject == "Ticket 1234 is escalated (level 2): Printer on fire"
    assert message.text.startswith("Hello,\n")
    assert "For           Anna, Bo\n" in message.text


def test_an_hour_that_comes_twice_says_which_one_it_is(notify) -> None:
    first, second = (
        render(notify(payload=PAYLOAD | {"due_at": f"2026-10-25T0{hour}:30:00+00:00"})).text
        for hour in (0, 1)
    )
    assert "25 October 2026, 02:30 (Europe/Amsterdam, UTC+0200)" in first
    assert "25 October 2026, 02:30 (Europe/Amsterdam, UTC+0100)" in second


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_payload_is_needed(notify, kind: str) -> None:
    message = render(notify(kind, {}, recipient_name=None))
    assert message.subject.startswith("A ticket ")
    for part in (message.subject, message.text, message.html):
        assert "None" not in part


@pytest.mark.parametrize("kind", KINDS)
def test_strange_values_are_as_good_as_absent(notify, kind: str) -> None:
    strange = PAYLOAD | {
        "due_at": "infinity",
        "percent": "x",
        "target_minutes": [],
        "timezone": "No/Where",
        "title": 5,
        "recipients": 5,
        "crossed_at": "0001-01-01T00:00:00+00:00",
        "completed_at": "9999-12-31T23:59:59+00:00",
        "escalation_level": float("inf"),
    }
    message = render(notify(kind, strange))
    assert "infinity" not in message.text
    assert "(UTC)" in message.text


def test_the_page_is_escaped_and_the_text_is_not(notify) -> None:
    message = render(notify(payload=PAYLOAD | {"title": "<b>&", "client": "<script>"}))
    assert "<script>" not in message.html
    assert "&lt;b&gt;&amp;" in message.html
    assert "<b>&" in message.text


def test_a_subject_is_one_short_line(notify) -> None:
    title = "Printer\r\nBcc: everybody@example.com " + "x" * 200
    subject = render(notify(payload=PAYLOAD | {"title": title})).subject
    assert "\n" not in subject
    assert len(subject) < 120
    assert subject.endswith("…")


def test_a_kind_without_a_template_fails_for_good(notify) -> None:
    with pytest.raises(DeliveryError, match=r"no template nonsense\.txt") as failure:
        render(notify("nonsense"))
    assert failure.value.is_permanent
