"""The rules for files of sql/: one object each, named after it, in one style."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from slapg.migrations.files import SqlFile, load_files
from slapg.resources import sql_dir

FILES = load_files(sql_dir())
ROUTINES = [file for file in FILES if file.folder == "functions"]

HEADER = re.compile(r"create or replace (function|procedure) .*?\bas\s+(?=\$|')", re.DOTALL)
HEADER_ATOMIC = re.compile(
    r"create or replace (function|procedure) .*?\b(?:begin atomic|return)\b", re.DOTALL
)
# Comments, strings, quoted names, and the bodies of other languages, none of which is SQL.
NOT_SQL = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"|language plpython3u.*?as \$(\w*)\$.*?\$\1\$", re.DOTALL
)


def _named(files: list[SqlFile]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", files, ids=lambda file: file.path)


def _headers(file: SqlFile) -> Iterator[str]:
    for start in re.finditer(r"^create or replace (?:function|procedure)\b", file.text, re.MULTILINE):
        match = HEADER.match(file.text, start.start()) or HEADER_ATOMIC.match(file.text, start.start())
        assert match, f"no body found in sql/{file.path}"
        yield match.group()


@_named(FILES)
def test_named_after_its_object(file: SqlFile) -> None:
    stem = Path(file.path).stem
    for name in file.objects:
        kind, _, rest = name.partition(" ")
        assert (kind == "trigger") == (file.folder == "triggers")
        assert (kind == "view") == (file.folder == "views")
        assert rest.rpartition(".")[2] == stem, f"{name} belongs in {stem}.sql"


@_named(FILES)
def test_lower_case(file: SqlFile) -> None:
    shouting = re.findall(r"\b[A-Z][A-Z_]+\b", NOT_SQL.sub("", file.text))
    assert shouting == []


@_named(FILES)
def test_no_tabs_and_no_trailing_blanks(file: SqlFile) -> None:
    assert [line for line in file.text.splitlines() if "\t" in line or line != line.rstrip()] == []
    assert file.text.endswith("\n")


@_named(ROUTINES)
def test_states_what_it_is(file: SqlFile) -> None:
    for header in _headers(file):
        assert re.search(r"\bsecurity (definer|invoker)\b", header), "security is not stated"
        if header.startswith("create or replace function"):
            assert re.search(r"\b(immutable|stable|volatile)\b", header), "volatility is not stated"
            assert re.search(r"\bparallel (safe|restricted|unsafe)\b", header), (
                "parallel safety is not stated"
            )


@_named(ROUTINES)
def test_variables_are_recognised(file: SqlFile) -> None:
    """`v_` in front, so that no variable can be taken for a column."""
    for block in re.findall(r"\bdeclare\b(.*?)\bbegin\b", NOT_SQL.sub("", file.text), re.DOTALL):
        declared = re.findall(r"(?:^|;)\s*(\w+)", block)
        assert [name for name in declared if not name.startswith("v_")] == []
