"""Rights that a DBA gave on views by hand, which dropping and making the views anew would lose."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import sql

from slapg.migrations.naming import Database


@dataclass(frozen=True)
class Grant:
    """One right of one role on one view."""

    view: str
    grantee: str
    right: str
    grantable: bool


def own_grants(raw: Database, views: Iterable[str]) -> list[Grant]:
    """What was granted on `views` (schema.name) to the DBA's roles; sql/roles.sql serves slapg's."""
    rows = raw.execute(
        """
        select n.nspname || '.' || c.relname, r.rolname, a.privilege_type, a.is_grantable
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        cross join lateral pg_catalog.aclexplode(c.relacl) as a
        join pg_catalog.pg_roles as r on r.oid = a.grantee
        where n.nspname || '.' || c.relname = any(%s) and a.grantee <> c.relowner
            and r.rolname not like 'slapg\\_%%'
        order by 1, 2, 3
        """,
        [list(views)],
    )
    return [Grant(*row) for row in rows]


def grant_again(raw: Database, grants: Iterable[Grant]) -> None:
    """Give them back on the views that are there again."""
    for grant in grants:
        row = raw.execute("select pg_catalog.to_regclass(%s) is not null", [grant.view]).fetchone()
        if row and row[0]:
            raw.execute(_statement(grant))


def _statement(grant: Grant) -> sql.Composed:
    return sql.SQL("grant {} on {} to {}{}").format(
        sql.SQL(grant.right),  # a keyword, from the server
        sql.Identifier(*grant.view.split(".")),
        sql.Identifier(grant.grantee),
        sql.SQL(" with grant option" if grant.grantable else ""),
    )
