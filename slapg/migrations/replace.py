"""Applying the files of `sql/` that differ from what was applied last."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from slapg.errors import SlapgError
from slapg.migrations import objects
from slapg.migrations.files import SqlFile
from slapg.migrations.naming import SETTINGS, Database
from slapg.migrations.objects import Applied

TRIGGER_LOCK_TIMEOUT = "1s"
TRIGGER_ATTEMPTS = 30

_HINTS = {
    "42P13": "a changed signature or result type needs a revision that drops the old function first",
    "2BP01": "an object of yours depends on it: drop that, migrate, create it again",
}


def changed(files: Iterable[SqlFile], applied: dict[str, Applied]) -> list[SqlFile]:
    """The files whose text is not the one applied last (an edit taken back counts, too)."""
    return [file for file in files if _last(applied, file.path) != file.sha256]


def apply_functions(raw: Database, files: Sequence[SqlFile], applied: dict[str, Applied]) -> list[str]:
    """Apply the changed functions and procedures; returns their paths."""
    todo = [file for file in changed(files, applied) if file.folder == "functions"]
    for file in todo:
        _apply(raw, file)
    _refuse_leftover_signatures(raw, todo)
    return [file.path for file in todo]


def apply_views(raw: Database, files: Sequence[SqlFile], applied: dict[str, Applied]) -> list[str]:
    """Apply the changed views; returns their paths.

    `create or replace view` can only add columns at the end.  If that is not enough, all are made anew.
    """
    views = [file for file in files if file.folder == "views"]
    todo = changed(views, applied)
    try:
        with raw.transaction():
            for file in todo:
                _execute(raw, file)
    except psycopg.errors.InvalidTableDefinition:
        objects.drop(raw, objects.objects_of(applied, "views/"))
        todo = views
        for file in todo:
            _apply(raw, file)
        return [file.path for file in todo]
    except psycopg.Error as error:
        raise _failure(file, error) from error
    for file in todo:
        record(raw, file)
    return [file.path for file in todo]


def apply_triggers(raw: Database, files: Sequence[SqlFile], applied: dict[str, Applied]) -> list[str]:
    """Apply the changed trigger files in the transaction that is open; returns their paths."""
    todo = [file for file in changed(files, applied) if file.folder == "triggers"]
    for file in todo:
        _apply(raw, file)
        gone = set(_objects_before(applied, file.path)) - set(file.objects)
        objects.drop(raw, sorted(gone))
    return [file.path for file in todo]


def apply_triggers_beside_writers(
    raw: Database, files: Sequence[SqlFile], applied: dict[str, Applied]
) -> list[str]:
    """The same on a busy table: one short transaction a file, giving way to writers and trying again.

    Creating a trigger waits for every running write to the table, and all later writes wait behind it.
    """
    done: list[str] = []
    for file in files:
        if file.folder == "triggers":
            done += _with_retries(raw, file, applied)
    return done


def record(raw: Database, file: SqlFile) -> None:
    """Remember that `file` is in force."""
    raw.execute(record_statement(file).encode())


def record_statement(file: SqlFile) -> str:
    """The statement that remembers `file`, complete, so that `slapg migrate --sql` can print it."""
    statement = sql.SQL(
        "insert into slapg_meta.applied_sql (path, sha256, objects) values ({}, {}, {}::text[])\n"
        "on conflict (path) do update set sha256 = excluded.sha256, objects = excluded.objects, "
        "applied_at = excluded.applied_at;"
    )
    listed = sql.Literal("{" + ",".join(f'"{name}"' for name in file.objects) + "}")
    return statement.format(sql.Literal(file.path), sql.Literal(file.sha256), listed).as_string(None)


def apply_roles(raw: Database, path: Path) -> None:
    """Run `sql/roles.sql`: owner and grants of everything; always, since new objects need them, too."""
    _apply_text(raw, SqlFile(path.name, path.read_text(encoding="utf-8")))


def _with_retries(raw: Database, file: SqlFile, applied: dict[str, Applied]) -> list[str]:
    for _ in range(TRIGGER_ATTEMPTS):
        try:
            with raw.transaction():
                raw.execute(SETTINGS.encode())
                raw.execute(f"set local lock_timeout = '{TRIGGER_LOCK_TIMEOUT}'".encode())
                return apply_triggers(raw, [file], applied)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 — spreads retries, guards nothing
    raise SlapgError(
        f"sql/{file.path}: its table was locked by others at each of {TRIGGER_ATTEMPTS} attempts",
        hint="run slapg migrate again at a quieter time; all but this file is applied",
    )


def _apply(raw: Database, file: SqlFile) -> None:
    _apply_text(raw, file)
    record(raw, file)


def _apply_text(raw: Database, file: SqlFile) -> None:
    try:
        _execute(raw, file)
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
        raise
    except psycopg.Error as error:
        raise _failure(file, error) from error


def _execute(raw: Database, file: SqlFile) -> None:
    raw.execute(file.text.encode())


def _failure(file: SqlFile, error: psycopg.Error) -> SlapgError:
    where = f"sql/{file.path}"
    if error.diag.statement_position:
        line = file.text[: int(error.diag.statement_position) - 1].count("\n") + 1
        where += f", line {line}"
    message = error.diag.message_primary or str(error)
    hint = _HINTS.get(error.sqlstate or "") or error.diag.message_hint
    return SlapgError(f"{where}: {message} [{error.sqlstate}]", hint=hint)


def _refuse_leftover_signatures(raw: Database, files: Iterable[SqlFile]) -> None:
    """A function with new parameters stands beside the old one: two answers to one name."""
    wanted = {file.path: file.definitions for file in files}
    names = {name.partition(" ")[2] for counter in wanted.values() for name in counter}
    found = Counter(name for name, _ in objects.signatures_of(raw, names))
    for path, definitions in wanted.items():
        for kind_and_name, count in definitions.items():
            name = kind_and_name.partition(" ")[2]
            if found[name] > count:
                listed = ", ".join(signature for _, signature in objects.signatures_of(raw, [name]))
                raise SlapgError(
                    f"sql/{path} makes {count} of these, the others are left over: {listed}",
                    hint="a changed signature needs a revision that drops the old function",
                )


def _last(applied: dict[str, Applied], path: str) -> str | None:
    return applied[path].sha256 if path in applied else None


def _objects_before(applied: dict[str, Applied], path: str) -> tuple[str, ...]:
    return applied[path].objects if path in applied else ()
