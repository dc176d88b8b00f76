"""The page on templates names what templates can use: all of it, and nothing else."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from slapg.notifier.language import language
from slapg.notifier.render import Renderer
from slapg.notifier.words import describe, describe_digest

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "message-templates.md"
NOW = datetime(2026, 3, 3, 12, 45, tzinfo=UTC)
OF_LAYOUTS = {"colour", "label_width", "lang", "dir"}


def names(heading: str) -> set[str]:
    """The first cells of the table below a heading."""
    section = PAGE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", " ".join(cells)))


def test_the_page_names_the_variables_of_a_message(notify) -> None:
    assert names("A single message") == describe(notify(), language("en"), NOW).keys() - OF_LAYOUTS


def test_the_page_names_the_variables_of_a_digest(notify) -> None:
    variables = describe_digest(replace(notify(), members=(notify(), notify())), language("en"), NOW)
    assert names("A digest") == variables.keys() - OF_LAYOUTS
    paragraph = PAGE.read_text().split("A row of `tickets` has")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", paragraph)) == variables["tickets"][0].keys()


def test_layouts_have_what_the_page_says(notify) -> None:
    paragraph = PAGE.read_text().split("## The layouts\n")[1].split("\n## ")[0].split("all of the above")[1]
    used = set(re.findall(r"`(\w+)`", paragraph)) - {"facts"}
    assert used == OF_LAYOUTS | {"headline", "sentences"}
    body = " ".join(f"{name}={{{{ {name} }}}}" for name in sorted(used))
    message = Renderer(load_rows=lambda _: [("layout.txt", "", body)]).render(notify(), NOW)
    assert message.problem is None
    assert message.text.startswith("colour=#b87700 dir=ltr headline=Ticket 1234 has used 75 % ")
