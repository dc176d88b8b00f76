"""A tenant's own templates: whose wins, and that none of them can do harm."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from slapg.notifier.render import Renderer

NOW = datetime(2026, 3, 3, 12, 45, tzinfo=UTC)
TENANT = uuid.UUID(int=1)
SHIPPED = "Ticket 1234 has used 75 % of its resolution time: Printer on fire"


def rows(*found: tuple[str, str, str], **parts: Any) -> Renderer:
    """A renderer whose tenants all have these rows: template, locale, body."""
    return Renderer(load_rows=lambda _: found, **parts)


@pytest.fixture
def folder(tmp_path: Path):
    """Writes template files; answers with their folder."""

    def write(**bodies: str) -> Path:
        for path, body in bodies.items():
            target = tmp_path / path.replace("__", "/").replace("TENANT", str(TENANT))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.with_suffix(".txt").write_text(body)
        return tmp_path

    return write


def test_a_row_replaces_the_words(notify) -> None:
    body = "{{ ticket }} wants you\n\nBy {{ due }}, {{ client }} waits."
    message = rows(("warning", "", body)).render(notify(), NOW)
    assert message.subject == "Ticket 1234 wants you: Printer on fire"
    assert "By Tuesday, 3 March 2026, 14:30 (Europe/Amsterdam), Acme waits." in message.text
    assert message.problem is None


def test_the_nearest_language_wins(notify) -> None:
    renderer = rows(("warning", "", "any"), ("warning", "de", "Deutsch"), ("warning", "de-AT", "Wien"))
    subjects = {
        tag: renderer.render(notify(locale=tag), NOW).subject.split(":")[0]
        for tag in ("en", "pl", "de", "de_AT", "de_CH")
    }
    assert subjects == {"en": "any", "pl": "any", "de": "Deutsch", "de_AT": "Wien", "de_CH": "Deutsch"}


def test_a_language_that_only_the_tenant_speaks_has_its_dates(notify) -> None:
    message = rows(("warning", "pt", "Prazo: {{ due }}")).render(notify(locale="pt"), NOW)
    assert message.subject.startswith("Prazo: terça-feira, 3 de março de 2026 14:30 (Europe/Amsterdam)")
    assert '<html lang="pt" dir="ltr">' in message.html
    right_to_left = rows(("warning", "ar", "{{ ticket }}")).render(notify(locale="ar"), NOW)
    assert '<html lang="ar" dir="rtl">' in right_to_left.html


def test_rows_win_over_files_and_a_tenants_files_over_those_of_all(notify, folder) -> None:
    place = folder(
        warning="files", de__warning="Dateien", TENANT__warning="its files", TENANT__breach="its breach"
    )
    files = Renderer(place)
    assert files.render(notify(), NOW).subject.startswith("its files")
    assert files.render(notify(locale="de"), NOW).subject.startswith("its files"), (
        "the tenant's own come first"
    )
    other = uuid.UUID(int=9)
    assert files.render(notify(tenant_id=other), NOW).subject.startswith("files")
    assert files.render(notify(tenant_id=other, locale="de"), NOW).subject.startswith("Dateien")
    both = Renderer(place, lambda _: [("warning", "", "a row")])
    assert both.render(notify(), NOW).subject.startswith("a row")
    assert both.render(notify("breach"), NOW).subject.startswith("its breach")


def test_layouts_can_be_replaced_and_pages_stay_escaped(notify) -> None:
    renderer = rows(("layout.html", "", "<p>{{ title }}</p>"), ("layout.txt", "", "{{ title }}!"))
    payload = notify().payload | {"title": "<b>&"}
    message = renderer.render(notify(payload=payload), NOW)
    assert message.html == "<p>&lt;b&gt;&amp;</p>\n"
    assert message.text == "<b>&!\n"


def test_translated_words_can_be_used(notify) -> None:
    body = '{{ gettext("Priority") }} {% trans %}{{ ticket }} is escalated{% endtrans %}'
    subject = rows(("warning", "", body)).render(notify(locale="de"), NOW).subject
    assert subject.startswith("Priorität Ticket 1234 ist eskaliert")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("fine\n{% if %}", "line 2: TemplateSyntaxError: Expected an expression"),
        ("fine\n\n{{ no_such }}", "line 3: UndefinedError: 'no_such' is undefined"),
        ("{{ ''.__class__.__mro__ }}", "line 1: SecurityError: access to attribute '__class__'"),
        ("{{ recipient.no_such.thing }}", "UndefinedError"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ 'x' * 100000000 }}", "SecurityError: nothing is repeated more than 10000 times"),
        ("{{ 9 ** 999999 }}", "SecurityError: too large a power"),
        ("{{ range(1000000000) | list }}", "SecurityError: a range has no more"),
        ("{% for i in range(10000) %}{{ 'x' * 1000 }}{% endfor %}", "more than 1000000 characters"),
        ("{% include 'layout.txt' %}", "TypeError: no loader"),
        ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "RecursionError"),
        ("{% set _ = facts.append(1) %}x", "SecurityError"),
        ("  \n", "ValueError: it makes no headline"),
    ],
)
def test_one_that_fails_gives_way_to_the_shipped_one(notify, body: str, problem: str) -> None:
    failed: list[str] = []
    renderer = rows(("warning", "", body), on_template_error=failed.append)
    for _ in range(2):
        message = renderer.render(notify(), NOW)
        assert message.subject == SHIPPED
        assert problem in message.problem
        assert message.problem.startswith("template warning from sla.message_templates")
        assert "\n" not in message.problem
    assert failed == ["warning", "warning"]


def test_only_what_fails_is_replaced(notify) -> None:
    renderer = Renderer(
        load_rows=lambda _: [
            ("warning", "", "own words"),
            ("layout.html", "", "{{ x }}"),
            ("layout.txt", "", ""),
        ]
    )
    message = renderer.render(notify(), NOW)
    assert message.subject == "own words: Printer on fire"
    assert "<h1" in message.html
    assert "own words." in message.text
    assert "template layout.html" in message.problem
    assert "template layout.txt" in message.problem


def test_a_failing_file_is_named(notify, folder) -> None:
    place = folder(TENANT__de__warning="{{ oops }}")
    problem = Renderer(place).render(notify(locale="de"), NOW).problem
    assert f"template warning (de) from {place / str(TENANT) / 'de' / 'warning.txt'}, line 1" in problem


def test_a_template_cannot_change_the_next_message(notify) -> None:
    renderer = rows(("warning", "", "{% set title = 'gone' %}{{ title }}"))
    assert renderer.render(notify(), NOW).subject == "gone: Printer on fire"


def test_templates_that_cannot_be_read_keep_no_message_back(notify) -> None:
    answers = iter([ConnectionError("the server\nis away"), [("warning", "", "own words")]])

    def load(_: uuid.UUID) -> list:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    renderer = Renderer(load_rows=load)
    first, second = renderer.render(notify(), NOW), renderer.render(notify(), NOW)
    assert first.subject == SHIPPED
    assert first.problem == "the tenant's templates could not be read: ConnectionError: the server is away"
    assert second.subject.startswith("own words")


def test_rows_are_read_once_a_version_of_the_configuration(notify) -> None:
    read: list[uuid.UUID] = []

    def load(tenant_id: uuid.UUID) -> list:
        read.append(tenant_id)
        return [("warning", "", f"version {len(read)}")]

    renderer = Renderer(load_rows=load)
    other = uuid.UUID(int=9)
    versions = [
        renderer.render(notify(tenant_id=tenant, config_version=version), NOW).subject.split(":")[0]
        for tenant, version in ((TENANT, 1), (TENANT, 1), (other, 1), (TENANT, 2), (TENANT, 2), (other, 1))
    ]
    assert versions == ["version 1", "version 1", "version 2", "version 3", "version 3", "version 2"]
    assert read == [TENANT, other, TENANT]


def test_threads_share_a_renderer(notify) -> None:
    def load(tenant_id: uuid.UUID) -> list:
        return [("warning", "", f"tenant {tenant_id.int}: {{{{ ticket }}}}")]

    renderer = Renderer(load_rows=load)

    def subject(place: int) -> str:
        parts = {"tenant_id": uuid.UUID(int=place % 5), "locale": ("de", "pl", "en")[place % 3]}
        payload = {"ticket_number": str(place), "due_at": "2026-03-03T13:30:00Z"}
        return renderer.render(notify(payload=payload, **parts), NOW).subject

    with ThreadPoolExecutor(8) as threads:
        subjects = list(threads.map(subject, range(300)))
    words = {0: "Ticket", 1: "Zgłoszenie", 2: "Ticket"}
    for place, said in enumerate(subjects):
        assert said == (f"tenant {place % 5}: {words[place % 3]} {place}")
