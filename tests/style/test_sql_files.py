"""The rules for files of sql/: one object each, named after it, in one style."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from slapg.migrations.files import SqlFile, load_files
from slapg.resources import sql_dir

HEADER = re.compile(
    r"create or replace (function|procedure) .*?\b(?:as\s+[$']|begin atomic|return\b)", re.DOTALL
)
# Comments, strings, quoted names, and the bodies of another language: none of them is SQL.
NOT_SQL = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|language plpython3u.*?as \$(\w*)\$.*?\$\1\$", re.DOTALL
)


@pytest.fixture(scope="module")
def files() -> list[SqlFile]:
    return load_files(sql_dir())


@pytest.fixture(scope="module")
def routines(files: list[SqlFile]) -> list[SqlFile]:
    return [file for file in files if file.folder == "functions"]


def _sql_of(file: SqlFile) -> str:
    return NOT_SQL.sub("", file.text)


def _headers(file: SqlFile) -> Iterator[str]:
    """Everything that a file says of its routines before their bodies."""
    for start in re.finditer(r"^create or replace (?:function|procedure)\b", file.text, re.MULTILINE):
        match = HEADER.match(file.text, start.start())
        yield match.group() if match else f"sql/{file.path}: no body found"


def test_named_after_its_object(files: list[SqlFile]) -> None:
    """functions/ hold functions and procedures, triggers/ the triggers of one table each."""
    folder_of = {"function": "functions", "procedure": "functions", "view": "views", "trigger": "triggers"}
    misplaced = [
        f"sql/{file.path}: {name}"
        for file in files
        for name in file.objects
        if folder_of[name.partition(" ")[0]] != file.folder or name.rpartition(".")[2] != Path(file.path).stem
    ]
    assert not misplaced, "\n".join(misplaced)


def test_lower_case(files: list[SqlFile]) -> None:
    shouting = [
        f"sql/{file.path}: {word}"
        for file in files
        for word in re.findall(r"\b[A-Z][A-Z_]+\b", _sql_of(file))
    ]
    assert not shouting, "\n".join(shouting)


def test_no_tabs_and_no_trailing_blanks(files: list[SqlFile]) -> None:
    untidy = [
        f"sql/{file.path}, line {number}"
        for file in files
        for number, line in enumerate(file.text.splitlines(), 1)
        if "\t" in line or line != line.rstrip()
    ]
    assert not untidy, "\n".join(untidy)
    assert [file.path for file in files if not file.text.endswith("\n")] == []


def test_states_what_it_is(routines: list[SqlFile]) -> None:
    """Volatility, parallel safety and security: a default that was not thought of is a bug in waiting."""
    security = re.compile(r"\bsecurity (definer|invoker)\b")
    volatility = re.compile(r"\b(immutable|stable|volatile)\b")
    parallel = re.compile(r"\bparallel (safe|restricted|unsafe)\b")
    vague = [
        f"sql/{file.path}: {rule.pattern}"
        for file in routines
        for header in _headers(file)
        for rule in ([security] if "procedure" in header[:30] else [security, volatility, parallel])
        if not rule.search(header)
    ]
    assert not vague, "\n".join(vague)


def test_variables_are_recognised(routines: list[SqlFile]) -> None:
    """`v_` in front, so that no variable can be taken for a column."""
    strange = [
        f"sql/{file.path}: {name}"
        for file in routines
        for block in re.findall(r"\bdeclare\b(.*?)\bbegin\b", _sql_of(file), re.DOTALL)
        for name in re.findall(r"(?:^|;)\s*(\w+)", block)
        if not name.startswith("v_")
    ]
    assert not strange, "\n".join(strange)
