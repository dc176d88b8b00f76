"""The objects that files of `sql/` made: what was applied last, and dropping what no file makes any more."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from slapg.errors import SlapgError
from slapg.migrations.naming import Database

_DROP_ORDER = ("view", "trigger", "function", "procedure")


@dataclass(frozen=True)
class Applied:
    """What `slapg_meta.applied_sql` says of one file."""

    sha256: str
    objects: tuple[str, ...]


def applied_files(raw: Database) -> dict[str, Applied]:
    """The files in force, by path; none in a database without slapg."""
    row = raw.execute("select pg_catalog.to_regclass('slapg_meta.applied_sql') is not null").fetchone()
    if not (row and row[0]):
        return {}
    rows = raw.execute("select path, sha256, objects from slapg_meta.applied_sql order by path")
    return {path: Applied(sha256, tuple(objects)) for path, sha256, objects in rows}


def objects_of(applied: Mapping[str, Applied], folder: str = "") -> list[str]:
    """Every object made from `folder` (all of sql/ when empty)."""
    return [name for path, file in applied.items() if path.startswith(folder) for name in file.objects]


def views_of(applied: Mapping[str, Applied]) -> list[str]:
    """The views that were made, as schema.name."""
    return [_bare(name) for name in objects_of(applied) if name.startswith("view ")]


def forget(raw: Database, paths: Iterable[str]) -> None:
    """Strike files off the list of those in force."""
    raw.execute("delete from slapg_meta.applied_sql where path = any(%s)", [list(paths)])


def drop(raw: Database, objects: Iterable[str]) -> list[str]:
    """Drop `objects` where they exist, and return those that did, in the order of dropping.

    Nothing cascades: when something of the user's own depends on one, `SlapgError` names it.
    """
    by_kind: dict[str, list[str]] = {kind: [] for kind in _DROP_ORDER}
    for name in objects:
        by_kind[name.partition(" ")[0]].append(name)
    try:
        return [
            *_drop_views(raw, by_kind["view"]),
            *_drop_triggers(raw, by_kind["trigger"]),
            *_drop_routines(raw, by_kind["function"] + by_kind["procedure"]),
        ]
    except psycopg.errors.DependentObjectsStillExist as error:
        raise _blocked(error) from error


def exists(raw: Database, name: str) -> bool:
    """Whether an object, named as in `applied_sql.objects`, is in the database."""
    kind, _, bare = name.partition(" ")
    if kind == "view":
        return _relation_exists(raw, bare)
    if kind == "trigger":
        return _trigger_exists(raw, *bare.split(" on "))
    return any(signatures_of(raw, [bare]))


def _drop_views(raw: Database, names: list[str]) -> list[str]:
    found = [name for name in names if _relation_exists(raw, _bare(name))]
    if found:
        # One statement, so that views on views need no order.
        listed = sql.SQL(", ").join(_identifier(_bare(name)) for name in found)
        raw.execute(sql.SQL("drop view {}").format(listed))
    return found


def _drop_triggers(raw: Database, names: list[str]) -> list[str]:
    return [name for name in names if _drop_trigger(raw, *_bare(name).split(" on "))]


def _drop_trigger(raw: Database, trigger: str, table: str) -> bool:
    found = _trigger_exists(raw, trigger, table)
    if found:
        statement = sql.SQL("drop trigger {} on {}")
        raw.execute(statement.format(sql.Identifier(trigger), _identifier(table)))
    return found


def _drop_routines(raw: Database, names: list[str]) -> list[str]:
    """By name alone, because a file holds every overload of its name."""
    wanted = {_bare(name): name for name in names}
    signatures = list(signatures_of(raw, wanted))
    if signatures:
        listed = sql.SQL(", ").join(sql.SQL("{}").format(_raw(signature)) for _, signature in signatures)
        raw.execute(sql.SQL("drop routine {}").format(listed))
    return [wanted[name] for name in dict.fromkeys(name for name, _ in signatures)]


def signatures_of(raw: Database, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """For each `schema.name` the signatures that exist, as text that `drop routine` reads."""
    yield from raw.execute(
        """
        select n.nspname || '.' || p.proname as name,
               pg_catalog.format('%%I.%%I(%%s)', n.nspname, p.proname,
                                 pg_catalog.pg_get_function_identity_arguments(p.oid))
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        where n.nspname || '.' || p.proname = any(%s)
        order by 1, 2
        """,
        [list(names)],
    )


def _relation_exists(raw: Database, name: str) -> bool:
    row = raw.execute("select pg_catalog.to_regclass(%s) is not null", [name]).fetchone()
    return bool(row and row[0])


def _trigger_exists(raw: Database, trigger: str, table: str) -> bool:
    row = raw.execute(
        "select 1 from pg_catalog.pg_trigger where tgrelid = pg_catalog.to_regclass(%s) and tgname = %s",
        [table, trigger],
    ).fetchone()
    return row is not None


def _blocked(error: psycopg.Error) -> SlapgError:
    """Name what stands in the way: the server's detail has one line an object, `X depends on Y`."""
    detail = (error.diag.message_detail or str(error)).replace("\n", "; ")
    return SlapgError(
        f"an object of yours is in the way of the migration: {detail}",
        hint="keep its definition, drop it, run slapg migrate, and create it again",
    )


def _bare(name: str) -> str:
    return name.partition(" ")[2]


def _identifier(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


def _raw(text: str) -> sql.SQL:
    return sql.SQL(text)  # quoted by the server
