"""The tables of docs/permissions.md, from the catalogue: who may read and write what, and call what."""

from collections.abc import Iterable
from typing import Any

import psycopg

Db = psycopg.Connection[Any]

ROLES = ("slapg_app", "slapg_admin", "slapg_reader", "slapg_listener", "slapg_loader", "slapg_cron")
WORDS = {"select": "read", "insert": "add", "update": "change", "delete": "remove"}

RELATIONS = """
select c.oid::regclass::text, array(
    select array_to_string(array(
        select p.privilege
        from unnest('{select,insert,update,delete}'::text[]) with ordinality as p (privilege, place)
        where has_table_privilege(r.role, c.oid, p.privilege) order by p.place), ' ')
    from unnest(%s::text[]) with ordinality as r (role, place) order by r.place)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('helpdesk', 'sla', 'slapg_meta') and c.relkind = any (%s) and not c.relispartition
    and c.relname not like '\\_%%'
order by n.nspname, c.relname
"""

ROUTINES = """
select n.nspname || '.' || p.proname, array(
    select case when bool_or(has_function_privilege(r.role, p.oid, 'execute')) then 'execute' else '' end
    from unnest(%s::text[]) with ordinality as r (role, place) group by r.role, r.place order by r.place)
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('helpdesk', 'sla') and p.prorettype <> 'trigger'::regtype and p.proname not like '\\_%%'
order by 1
"""


def tables(db: Db) -> str:
    """Rights on tables."""
    return _page("table", db.execute(RELATIONS, [list(ROLES), ["r", "p"]]))


def views(db: Db) -> str:
    """Rights on views."""
    return _page("view", db.execute(RELATIONS, [list(ROLES), ["v"]]))


def routines(db: Db) -> str:
    """Functions and procedures that somebody may call."""
    return _page("function or procedure", db.execute(ROUTINES, [list(ROLES)]))


def _page(kind: str, rows: Iterable[Any]) -> str:
    """One line for all that have the same rights, in the order of the first of each."""
    names_of: dict[tuple[str, ...], list[str]] = {}
    for name, rights in rows:
        names_of.setdefault(tuple(rights), []).append(name)
    head = [
        f"| {kind} | {' | '.join(f'`{role}`' for role in ROLES)} |",
        f"| {'--- | ' * (len(ROLES) + 1)}".strip(),
    ]
    lines = [
        f"| {', '.join(f'`{name}`' for name in names)} | {' | '.join(_words(right) for right in rights)} |"
        for rights, names in names_of.items()
    ]
    return "\n".join(head + lines)


def _words(rights: str) -> str:
    if rights == "execute":
        return "call"
    if rights == " ".join(WORDS):
        return "read, write"
    return ", ".join(WORDS[right] for right in rights.split()) or "-"
