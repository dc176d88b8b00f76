"""Every function that takes a key, called with another tenant's: it knows none and changes nothing there."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg

from tests.security.conftest import Logins
from tests.security.organisations import SECOND, Organisation

Db = psycopg.Connection[Any]

# Keys, and whatever else has no default: name, type, whether it is a key, whether it must be given.
FUNCTIONS = """
select p.oid::regproc::text, p.proretset, jsonb_agg(jsonb_build_array(
    p.proargnames[a.place], format_type(a.type, null), a.is_key, a.place <= p.pronargs - p.pronargdefaults)
    order by a.place)
from pg_proc p
cross join lateral (
    select a.type, a.place, a.type in ('uuid'::regtype, 'uuid[]'::regtype) as is_key
    from unnest(p.proargtypes) with ordinality as a (type, place)
) a
where p.pronamespace = 'sla'::regnamespace and p.proname not like '\\_%%' and p.prokind = 'f'
    and has_function_privilege('slapg_admin', p.oid, 'execute')
group by p.oid
having bool_or(a.is_key)
order by 1
"""

VALUES = {
    "timestamp with time zone": "now()",
    "interval": "interval '1 hour'",
    "integer": "1",
    "smallint": "1::smallint",
    "boolean": "true",
    "jsonb": "'{}'",
    "date[]": "array[current_date]",
    "text[]": "array['in_app']",
}
TEXTS = {"p_metric": "'response'"}


def key(name: str, of: Organisation) -> UUID:
    """What a parameter of that name means."""
    kinds = {
        "ticket": of.ticket,
        "policy": of.policy,
        "schedule": of.schedule,
        "board": of.board,
        "status": of.status,
        "priority": of.priority,
        "user": of.user,
    }
    if name == "p_reassign_to":
        return of.policy
    [found] = [value for kind, value in kinds.items() if kind in name]
    return found


def calls(
    function: str, parameters: list[Any], ours: Organisation, theirs: Organisation
) -> Iterator[tuple[str, UUID]]:
    """One call for each key among the parameters: that key is theirs, the others ours."""
    for foreign, _, is_key, _ in parameters:
        if is_key:
            given = [
                f"{name} => {argument(name, kind, is_key, theirs if name == foreign else ours)}"
                for name, kind, is_key, is_required in parameters
                if is_required or name == foreign
            ]
            yield f"select * from {function}({', '.join(given)})", key(foreign, theirs)


def argument(name: str, kind: str, is_key: bool, of: Organisation) -> str:
    if is_key:
        value = f"'{key(name, of)}'::uuid"
        return f"array[{value}]" if kind == "uuid[]" else value
    return TEXTS.get(name, "'x'") if kind == "text" else VALUES[kind]


def rows_of(db: Db, tenant: UUID) -> dict[str, Any]:
    """A digest of the tenant's rows in each table."""
    tables = db.execute(
        "select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'tenant_id' "
        "and c.relnamespace in ('sla'::regnamespace, 'helpdesk'::regnamespace)"
    ).fetchall()
    digest = "select md5(string_agg(t::text, '' order by t::text)) from {} t where tenant_id = %s"
    return {name: db.execute(digest.format(name).encode(), [tenant]).fetchone() for (name,) in tables}


def test_none_reaches_across(db: Db, login_as: Logins, ours: Organisation, theirs: Organisation) -> None:
    """An error that says so, or a table without a word of theirs."""
    admin = login_as("slapg_admin")
    before = rows_of(db, SECOND)
    assert len(before) > 25
    reached, tried = [], 0
    for function, is_set, parameters in db.execute(FUNCTIONS).fetchall():
        for call, foreign in calls(function, parameters, ours, theirs):
            tried += 1
            try:
                answer = admin.execute(call.encode()).fetchall()
            except psycopg.Error as error:
                if not str(error.sqlstate).startswith("SL"):
                    reached.append(f"{call}: {error}")
            else:
                nothing_done = ("remove_" in function and answer == [(False,)]) or (
                    "mark_notifications_read" in function and answer == [(0,)]
                )
                if str(foreign) in str(answer) or not (is_set or nothing_done):
                    reached.append(f"{call}: {answer}")
    assert reached == []
    assert tried > 35
    assert rows_of(db, SECOND) == before
