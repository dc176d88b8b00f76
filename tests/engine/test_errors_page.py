"""docs/errors.md lists the errors that the SQL raises, all of them and no others."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
RAISED = re.compile(r"errcode\s*=\s*'(SL\w{3})'")
LISTED = re.compile(r"^\| `(SL\w{3})` \| (.+) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def raised() -> set[str]:
    """The class SL states in `using errcode = …` anywhere in sql/ and in the revisions."""
    files = [*(REPOSITORY / "sql").rglob("*.sql"), *(REPOSITORY / "alembic").rglob("*.py")]
    return {state for file in files for state in RAISED.findall(file.read_text())}


@pytest.fixture(scope="module")
def listed() -> list[str]:
    page = (REPOSITORY / "docs" / "errors.md").read_text()
    return [match[1] for match in LISTED.finditer(page)]


def test_every_error_is_explained(raised: set[str], listed: list[str]) -> None:
    assert len(raised) > 20
    assert raised - set(listed) == set()


def test_nothing_is_explained_that_is_never_raised(raised: set[str], listed: list[str]) -> None:
    assert set(listed) - raised == set()


def test_each_once_and_in_order(listed: list[str]) -> None:
    assert listed == sorted(set(listed))
