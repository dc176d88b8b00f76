"""A ticket of a small desk, every kind of connection, and engines of other packages."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from slapg.backends import Database, forget_backends

Connect = Callable[..., psycopg.Connection[Any]]

DESK = """
    insert into sla.policies (name, is_default) values ('Gold', true);
    insert into helpdesk.priorities (name) values ('Urgent');
    insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes)
    select policy_id, priority_id, 60, 240 from sla.policies, helpdesk.priorities
"""


@pytest.fixture
def ticket(db: psycopg.Connection[Any]) -> UUID:
    """Urgent: answered within an hour, solved within four, around the clock."""
    db.execute(DESK)
    row = db.execute(
        "insert into helpdesk.tickets (priority_id) select priority_id from helpdesk.priorities"
        " returning ticket_id"
    ).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture
def login(db: psycopg.Connection[Any], connect: Connect) -> Iterator[Connect]:
    """Logs in as a new role that is a member of the given one."""
    created: list[psycopg.Connection[Any]] = []
    name = f"{db.info.dbname}_login"  # roles belong to the server, which other tests use as well

    def open_one(member_of: str) -> psycopg.Connection[Any]:
        db.execute(f"create role {name} login in role {member_of}")
        created.append(connect(user=name))
        return created[-1]

    yield open_one
    for connection in created:
        connection.close()
    db.execute(f"drop role if exists {name}")


@pytest.fixture(params=["psycopg", "psycopg with dictionaries", "connection", "session", "scoped session"])
def database(request: pytest.FixtureRequest, db_url: str) -> Iterator[Database]:
    """Each kind of connection that a backend takes, in a transaction of its own."""
    with _open(request.param, db_url) as database:
        yield database


@contextmanager
def _open(kind: str, url: str) -> Iterator[Any]:
    if kind.startswith("psycopg"):
        with psycopg.connect(url) as connection:
            if kind != "psycopg":
                connection.row_factory = dict_row  # type: ignore[assignment]
            yield connection
        return
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    if kind == "connection":
        with engine.connect() as connected:
            yield connected
    elif kind == "session":
        with Session(engine) as session:
            yield session
    else:
        registry = scoped_session(sessionmaker(engine))
        yield registry
        registry.remove()
    engine.dispose()


@pytest.fixture
def engine_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Installs a package `otherengine` with this source, whose `make` is the engine `other`, as pip would."""

    def install(source: str) -> None:
        (tmp_path / "otherengine.py").write_text(source)
        metadata = tmp_path / "otherengine-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: otherengine\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text("[slapg.backends]\nother = otherengine:make\n")
        monkeypatch.syspath_prepend(tmp_path)

    forget_backends()
    yield install
    forget_backends()
    sys.modules.pop("otherengine", None)
