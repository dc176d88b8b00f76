"""What separates the database from a policy file: one change for each thing that has a name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from slapg.policies.document import Document
from slapg.policies.model import Board, Client, File, Policy, Priority, Schedule, Settings, Thing
from slapg.policies.problems import PolicyFileError, Problem
from slapg.policies.rows import canonical, canonical_holidays

Leaf = tuple[tuple[str, ...], str | None]
"""The keys that lead to a value; of an item of a list also the item, for it has no key of its own."""
Action = Literal["created", "changed", "unchanged", "removed", "left"]

THINGS: dict[str, type[Thing]] = {
    "priorities": Priority,
    "schedules": Schedule,
    "policies": Policy,
    "boards": Board,
    "clients": Client,
}
ASSIGNED = {"boards", "clients"}
"""Their rows belong to the desk: a file says what holds for them, it neither makes nor deletes them."""


@dataclass(frozen=True)
class Change:
    """What becomes of one thing. `old` and `new` are None where there is none."""

    section: str
    name: str | None
    action: Action
    old: Any
    new: Any
    lines: tuple["Line", ...] = field(default=())


@dataclass(frozen=True)
class Line:
    """One value that differs: `key` leads to it; None on a side where there is none.

    An item of a list that is there on one side only is a line of its own.
    """

    key: tuple[str, ...]
    old: Any
    new: Any


def plan(file: File, current: File, document: Document, *, prune: bool) -> list[Change]:
    """The changes that make the database say what the file says, in the order of the sections.

    `removed` only with `prune`; else what a section of the file does not list is `left`. Raises
    `PolicyFileError` when the file wants two defaults.
    """
    changes: list[Change] = []
    for section in File.model_fields:
        if section not in file.model_fields_set:
            continue
        if section in THINGS:
            changes += _things(section, file, current, document, prune)
        else:
            changes.append(_property(section, file, current))
    return changes


def _property(section: str, file: File, current: File) -> Change:
    """Settings, holidays and statuses of the tenant itself."""
    old, given = getattr(current, section), getattr(file, section)
    if section == "settings":
        new: Any = _overlaid(Settings, old, given)
    elif section == "holidays":
        new = canonical_holidays(given)
    else:
        new = tuple(sorted(set(given)))
    return _change(section, None, old, new)


def _things(section: str, file: File, current: File, document: Document, prune: bool) -> Iterator[Change]:
    """Those that the file names, in its order, then those that it does not."""
    kind, old, given = THINGS[section], getattr(current, section), getattr(file, section)
    default = _default(section, given, document)
    blank = kind() if section in ASSIGNED else None
    for name, thing in given.items():
        new = _overlaid(kind, old.get(name), thing)
        yield _change(section, name, old.get(name, blank), _yielding(new, name, default))
    for name, thing in old.items():
        if name in given:
            continue
        new = _yielding(thing, name, default)
        if prune:
            yield _change(section, name, thing, None, "removed")
        else:
            yield _change(section, name, thing, new, None if new is not thing else "left")


def _default(section: str, given: dict[str, Any], document: Document) -> str | None:
    """Which one the file makes the default."""
    chosen = [name for name, thing in given.items() if getattr(thing, "is_default", False)]
    if len(chosen) > 1:
        problems = [
            Problem(
                document.position((section, name, "is_default")),
                (section, name, "is_default"),
                f'expected one default, and "{chosen[0]}" is it',
            )
            for name in chosen[1:]
        ]
        raise PolicyFileError(document.name, problems)
    return chosen[0] if chosen else None


def _yielding(thing: Any, name: str, default: str | None) -> Any:
    """There is one default: another one ceases to be it."""
    if default is None or name == default or not thing.is_default:
        return thing
    return thing.model_copy(update={"is_default": False})


def _overlaid(kind: type[Thing], old: Any, given: Any) -> Any:
    """What the file gives, over what there is, over the defaults."""
    base = old or kind()
    values = {
        key: getattr(given if key in given.model_fields_set else base, key) for key in kind.model_fields
    }
    return canonical(kind.model_construct(**values))  # type: ignore[type-var]


def _change(section: str, name: str | None, old: Any, new: Any, action: Action | None = None) -> Change:
    before, after = _plain(old), _plain(new)
    if action is None:
        action = "created" if old is None else "unchanged" if before == after else "changed"
    lines = () if action in ("unchanged", "left") else tuple(_lines(before, after))
    return Change(section, name, action, old, new, lines)


def _plain(value: Any) -> Any:
    if value is None:
        return {}
    if isinstance(value, tuple):
        return {"": [item if isinstance(item, str) else item.plain() for item in value]}
    return value.plain()


def _lines(old: Any, new: Any) -> Iterator[Line]:
    before, after = dict(_leaves((), old)), dict(_leaves((), new))
    for leaf in list(after) + [leaf for leaf in before if leaf not in after]:
        if before.get(leaf) != after.get(leaf):
            yield Line(leaf[0], before.get(leaf), after.get(leaf))


def _leaves(key: tuple[str, ...], value: Any) -> Iterator[tuple[Leaf, Any]]:
    """Each value with the keys that lead to it."""
    if isinstance(value, dict):
        for step, item in value.items():
            yield from _leaves((*key, str(step)) if step != "" else key, item)
    elif isinstance(value, list):
        for item in value:
            words = item if isinstance(item, str) else " ".join(str(part) for part in item.values())
            yield (key, words), words
    elif isinstance(value, tuple):
        yield (key, None), ", ".join("none" if item is None else str(item) for item in value) or "none"
    elif value is not None:
        yield (key, None), value
