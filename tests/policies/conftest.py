"""Hands to work with policy files."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from slapg.policies import Outcome, apply, export, parse
from tests.conftest import Connect
from tests.engine.desk import Desk

Apply = Callable[..., Outcome]
Export = Callable[[], str]
LoginAs = Callable[[str], psycopg.Connection[Any]]

PEOPLE = """
    insert into helpdesk.users (name, email)
    select name, lower(name) || '@example.com' from unnest('{Bea,Eva,Leo}'::text[]) as name;
    insert into helpdesk.boards (name) values ('Desk'), ('Lab');
    insert into helpdesk.clients (name) values ('Acme'), ('Zenith');
    insert into helpdesk.statuses (name, board_id)
    select s.name, b.board_id
    from (values ('New', null), ('Waiting', null), ('Waiting', 'Lab'), ('Parts', 'Lab')) as s (name, board)
    left join helpdesk.boards b on b.name = s.board;
"""
"""What a file may refer to and does not make."""


@pytest.fixture
def apply_text(db: psycopg.Connection[Any]) -> Apply:
    """Applies a file given as text; options are those of `apply`."""
    return lambda text, **options: apply(db, parse(text.encode(), "desk.yaml"), **options)


@pytest.fixture
def exported(db: psycopg.Connection[Any]) -> Export:
    """The configuration as a policy file."""
    return lambda: export(db)


@pytest.fixture
def people(db: psycopg.Connection[Any]) -> None:
    """Boards Desk and Lab, clients Acme and Zenith, users Bea, Eva and Leo, a few statuses."""
    db.execute(PEOPLE)


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    """A desk with open tickets to come."""
    return Desk(db)


@pytest.fixture
def login_as(db: psycopg.Connection[Any], connect: Connect, db_url: str) -> Iterator[LoginAs]:
    """Logs in as a new role that is a member of the given one."""
    names: list[str] = []

    def open_one(role: str) -> psycopg.Connection[Any]:
        names.append(f"{role}_{db.info.dbname}_{len(names)}")
        db.execute(f"create role {names[-1]} login in role {role}".encode())
        return connect(user=names[-1])

    yield open_one
    with psycopg.connect(db_url, autocommit=True) as admin:
        for name in names:
            admin.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = %s", [name]
            )
            admin.execute(f"drop role {name}".encode())


def actions(outcome: Outcome) -> dict[str, str]:
    """What happened to each thing, without those that were left as they are."""
    return {
        f"{change.section} {change.name}" if change.name else change.section: change.action
        for change in outcome.changes
        if change.action != "unchanged"
    }
