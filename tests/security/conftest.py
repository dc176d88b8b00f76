"""Logins with chosen roles, and two organisations in one database, each with something in every table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from slapg.cluster import Cluster
from tests.security.organisations import FIRST, SECOND, Organisation, furnish

Db = psycopg.Connection[Any]
Connect = Callable[..., Db]


@dataclass
class Logins:
    """Makes roles that log in; SET ROLE from a superuser proves nothing."""

    db: Db
    connect: Connect
    names: list[str]

    def __call__(self, *memberships: str, tenants: tuple[UUID, ...] = ()) -> Db:
        """A connection of a new role with these memberships, listed for these tenants."""
        name = self.role(*memberships)
        for tenant in tenants:
            self.db.execute(
                "insert into sla.role_tenants (tenant_id, role_name) values (%s, %s)", [tenant, name]
            )
        return self.connect(user=name)

    def role(self, *memberships: str) -> str:
        """A new role that may log in."""
        self.names.append(f"login_{self.db.info.dbname}_{len(self.names)}")
        self.db.execute(sql.SQL("create role {} login").format(sql.Identifier(self.names[-1])))
        for role in memberships:
            self.grant(role, self.names[-1])
        return self.names[-1]

    def grant(self, role: str, member: str) -> None:
        self.db.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(member)))


@pytest.fixture
def login_as(cluster: Cluster, connect: Connect, db: Db) -> Iterator[Logins]:
    """Logs in as a new role that is a member of the given ones; the roles are dropped after the test."""
    logins = Logins(db, connect, [])
    yield logins
    with psycopg.connect(cluster.socket_url(db.info.dbname), autocommit=True) as admin:
        for name in reversed(logins.names):
            admin.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = %s", [name]
            )
            role = sql.Identifier(name)
            admin.execute(sql.SQL("drop owned by {} cascade").format(role))
            admin.execute(sql.SQL("drop role {}").format(role))


@pytest.fixture
def ours(db: Db) -> Organisation:
    """The default tenant, with a desk and tickets in every state."""
    return furnish(db, FIRST)


@pytest.fixture
def theirs(db: Db) -> Organisation:
    """Another tenant, with the same."""
    db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [SECOND])
    return furnish(db, SECOND)
