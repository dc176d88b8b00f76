"""The replaceable files of `sql/`: what each creates, and the order to apply them in.

`functions/**`, `views/` and `triggers/` are applied in that order, whatever is within a folder by path.
A file that must come after another of its kind says so, as any view on another view does::

    -- requires: sla.ticket_status

Functions need it only for argument defaults and row types: their bodies are not read when they are created.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from slapg.errors import SlapgError

FOLDERS = ("functions", "views", "triggers")

_CREATED = re.compile(
    r"""^[ \t]*create\s+(?:or\s+replace\s+)?(?:constraint\s+)?
        (?:(?P<kind>function|procedure|view)\s+(?P<name>\w+\.\w+)
          |trigger\s+(?P<trigger>\w+)\s.*?\son\s+(?P<table>\w+\.\w+))""",
    re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE,
)
_REQUIRES = re.compile(r"^--\s*requires:\s*(\S+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class SqlFile:
    """One file of sql/, the single source of the objects that it creates."""

    path: str
    """Below sql/, with forward slashes."""
    text: str

    @property
    def folder(self) -> str:
        """`functions`, `views` or `triggers`."""
        return self.path.partition("/")[0]

    @cached_property
    def sha256(self) -> str:
        """What tells whether the text is the one applied last."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def objects(self) -> tuple[str, ...]:
        """What the file creates, as in `slapg_meta.applied_sql.objects`."""
        return tuple(self.definitions)

    @cached_property
    def definitions(self) -> "Counter[str]":
        """How often the file creates each: functions may be overloaded."""
        return Counter(_object_name(match) for match in _CREATED.finditer(self.text))

    @cached_property
    def requires(self) -> tuple[str, ...]:
        """The objects named in `-- requires:` lines."""
        return tuple(_REQUIRES.findall(self.text))


def load_files(root: Path) -> list[SqlFile]:
    """Every replaceable file below `root`, in the order to apply.

    Raises `SlapgError` for a file that creates nothing, an object with two files, and a `requires` line
    that names nothing of its folder or goes round in a circle.
    """
    if not root.is_dir():
        raise SlapgError(f"the SQL files are missing: no folder {root}", hint="reinstall slapg")
    return [file for folder in FOLDERS for file in _in_order(list(_read(root, folder)))]


def _read(root: Path, folder: str) -> Iterator[SqlFile]:
    for path in sorted((root / folder).rglob("*.sql")):
        file = SqlFile(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        if not file.objects:
            raise SlapgError(f"sql/{file.path} creates no function, procedure, view or trigger")
        yield file


def _in_order(files: list[SqlFile]) -> list[SqlFile]:
    source = _source_of_each_object(files)
    sorter: TopologicalSorter[SqlFile] = TopologicalSorter()
    for file in files:
        sorter.add(file, *(_required(file, name, source) for name in file.requires))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(file.path for file in error.args[1])
        raise SlapgError(f"`requires` lines in sql/ go round in a circle: {circle}") from error
    return list(_by_path(sorter))


def _by_path(sorter: "TopologicalSorter[SqlFile]") -> Iterator[SqlFile]:
    """The same order on every machine: by path among the files that nothing holds back."""
    while sorter.is_active():
        for file in sorted(sorter.get_ready(), key=lambda ready: ready.path):
            yield file
            sorter.done(file)


def _source_of_each_object(files: Iterable[SqlFile]) -> dict[str, SqlFile]:
    source: dict[str, SqlFile] = {}
    for file in files:
        for name in file.objects:
            if name in source:
                raise SlapgError(f"{name} has two files: sql/{source[name].path} and sql/{file.path}")
            source[name] = file
    return source


def _required(file: SqlFile, name: str, source: dict[str, SqlFile]) -> SqlFile:
    for object_name, candidate in source.items():
        if object_name.partition(" ")[2] == name:
            return candidate
    raise SlapgError(f"sql/{file.path} requires {name}, which no file of sql/{file.folder}/ creates")


def _object_name(match: re.Match[str]) -> str:
    if match["trigger"]:
        return f"trigger {match['trigger']} on {match['table']}".lower()
    return f"{match['kind']} {match['name']}".lower()
