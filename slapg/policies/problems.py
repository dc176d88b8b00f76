"""What is wrong with a policy file: where, in which key, and what was expected there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from slapg.errors import SlapgError

if TYPE_CHECKING:
    from slapg.policies.document import Document

Step = str | int
"""One step of the path to a value: a key, or the place in a list."""

SHOWN = 20


@dataclass(frozen=True, order=True)
class Position:
    """A place in the file, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    position: Position
    path: tuple[Step, ...]
    words: str

    def __str__(self) -> str:
        where = f"line {self.position.line}, column {self.position.column}"
        return f"{where}: {path_words(self.path)}: {self.words}" if self.path else f"{where}: {self.words}"


class PolicyFileError(SlapgError):
    """The file cannot be applied; nothing was changed. `problems` holds each reason, in the file's order."""

    def __init__(
        self, name: str, problems: list[Problem], *, hint: str | None = None, exit_code: int = 2
    ) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.position)
        lines = [f"{name}, {problem}" for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"and {len(self.problems) - SHOWN} more")
        super().__init__("\n".join(lines), hint=hint, exit_code=exit_code)


def path_words(path: tuple[Step, ...]) -> str:
    """`schedules > Office > entries > 2`: places in a list count from 1, percents and levels are keys."""
    words = [
        str(step + 1) if isinstance(step, int) and before in LISTS else str(step)
        for before, step in zip((None, *path), path, strict=False)
    ]
    return " > ".join(words)


LISTS = {
    "entries",
    "holidays",
    "pausing_statuses",
    "escalation_percents",
    "notify",
    "channels",
    "notify_via",
}


def problems_of(error: ValidationError, document: "Document") -> list[Problem]:
    """What the model refused, in words, each at its place."""
    return [_problem(item, document) for item in error.errors(include_url=False)]


def _problem(item: Any, document: "Document") -> Problem:
    kind = item["type"]
    path = tuple(step for step in item["loc"] if step != "[key]")
    at_key = kind == "extra_forbidden" or "[key]" in item["loc"]
    return Problem(document.position(path, at_key=at_key), path, _words(kind, item))


def _words(kind: str, item: Any) -> str:
    context = item.get("ctx", {})
    if kind == "extra_forbidden":
        return "is no key of a policy file here"
    if kind == "missing":
        return "is missing"
    if kind == "slapg":
        expected = context["expected"]
    elif kind in EXPECTED:
        expected = EXPECTED[kind].format(**context)
    else:
        expected = item["msg"].lower()
    return f"expected {expected}, found {_found(item['input'])}"


EXPECTED = {
    "string_type": "text (in quotes if it reads as something else)",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "names with what they stand for",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "literal_error": "{expected}",
    "greater_than_equal": "a number from {ge} on",
    "less_than_equal": "a number up to {le}",
    "too_long": "at most {max_length} of them",
}


def _found(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
