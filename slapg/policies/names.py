"""Natural keys: what a file calls the rows of a tenant, and which rows those are."""

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from slapg.errors import SlapgError

Key = tuple[str, str] | tuple[str, UUID, str]
"""Kind and name; of the status of a board its board as well."""

SHOWN = 8


class NameProblemError(Exception):
    """No row has the name, or several have: the message says so."""


class Names:
    """The names of one tenant at one moment."""

    def __init__(self) -> None:
        self._ids: dict[Key, list[UUID]] = defaultdict(list)
        self._names: dict[tuple[str, UUID], str] = {}

    def add(self, kind: str, name: str, row: UUID, *, board: UUID | None = None) -> None:
        """Learn a name: of a status, that of its board, too."""
        self._ids[_key(kind, name, board)].append(row)
        self._names[kind, row] = name

    def add_user(self, row: UUID, name: str, email: str | None) -> None:
        """A user is found by e-mail address, else by name."""
        self.add("user", name, row)
        if email:
            self._ids["e-mail", email].append(row)
            self._names["e-mail", row] = email

    def find(self, kind: str, name: str, *, board: UUID | None = None) -> UUID:
        """The one row of that name. Raises `NameProblemError`."""
        found = self._ids.get(_key(kind, name, board), [])
        if kind == "user":
            found = self._ids.get(("e-mail", name)) or found
        if len(found) == 1:
            return found[0]
        if found:
            raise NameProblemError(f'{len(found)} {_plural(kind)} are named "{name}"')
        raise NameProblemError(f'no {kind} is named "{name}"{self._instead(kind, name, board)}')

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such a row."""
        return bool(self._ids.get((kind, name)))

    def of(self, kind: str, row: UUID | None, *, board: UUID | None = None) -> str | None:
        """What a file calls a row. Raises `SlapgError` when its name would not find it again."""
        if row is None:
            return None
        names = [self._names.get((kind, row))]
        if kind == "user":
            names.insert(0, self._names.get(("e-mail", row)))
        for name in filter(None, names):
            if self._finds(kind, name, row, board):
                return name
        known = next(filter(None, names), None)
        if known is None:
            raise SlapgError(f"a retired {kind} is in use: {row}", hint="give its users another one first")
        raise SlapgError(
            f'{_plural(kind)} named "{known}" cannot be told apart in a file',
            hint=f"give each {kind} a name of its own",
        )

    def _finds(self, kind: str, name: str, row: UUID, board: UUID | None) -> bool:
        try:
            return self.find(kind, name, board=board) == row
        except NameProblemError:
            return False

    def _instead(self, kind: str, name: str, board: UUID | None) -> str:
        kinds: Iterable[str] = ("user", "e-mail") if kind == "user" else (kind,)
        known = sorted({str(key[-1]) for key in self._ids if key[0] in kinds and _of_board(key, board)})
        close = get_close_matches(name, known, n=1)
        if close:
            return f'; is "{close[0]}" meant?'
        if kind == "user" or not known:
            return ""
        more = ", …" if len(known) > SHOWN else ""
        return f"; there are {', '.join(known[:SHOWN])}{more}"


def _key(kind: str, name: str, board: UUID | None) -> Any:
    return (kind, name) if board is None else (kind, board, name)


def _of_board(key: Key, board: UUID | None) -> bool:
    return len(key) == 2 if board is None else board in key


def _plural(kind: str) -> str:
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}es" if kind.endswith("s") else f"{kind}s"
