"""Which engine one gets: the default, another package's, and what happens when that one fails."""

import threading
import warnings
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest

from slapg.backends import BackendFallbackWarning, PgCronBackend, SlaBackend, create_backend, forget_backends

Install = Callable[[str], None]

ENGINE = """
from slapg.backends import PgCronBackend, create_backend

class Engine(PgCronBackend):
    asked = []

    def pause(self, database, ticket_id):
        self.asked.append(ticket_id)
        create_backend("other").pause(database, ticket_id)  # through the application's own service

made = 0

def make():
    global made
    made += 1
    return Engine()
"""


def test_the_default_is_the_database_and_made_once() -> None:
    backend = create_backend()
    assert isinstance(backend, PgCronBackend)
    assert isinstance(backend, SlaBackend)
    assert create_backend() is backend
    assert create_backend("pgcron") is backend


def test_an_engine_of_another_package(engine_package: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_package(ENGINE)
    monkeypatch.setenv("SLAPG_BACKEND", "other")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        backend = create_backend()
    assert type(backend.engine).__name__ == "Engine"  # type: ignore[attr-defined]
    assert create_backend("other") is backend
    assert isinstance(create_backend("pgcron"), PgCronBackend)


def test_threads_share_one(engine_package: Install) -> None:
    engine_package("import time\n" + ENGINE.replace("    made += 1", "    time.sleep(0.1)\n    made += 1"))
    found: list[SlaBackend] = []
    threads = [threading.Thread(target=lambda: found.append(create_backend("other"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1
    import otherengine

    assert otherengine.made == 1


def test_an_engine_that_calls_itself_ends_in_the_database(
    engine_package: Install, db: psycopg.Connection[Any], ticket: UUID
) -> None:
    engine_package(ENGINE)
    backend = create_backend("other")
    backend.pause(db, ticket)
    assert backend.engine.asked == [ticket]  # type: ignore[attr-defined]
    assert {clock.reason for clock in backend.get_status(db, ticket)} == {"manual"}
    backend.resume(db, ticket)
    backend.pause(db, ticket)
    assert backend.engine.asked == [ticket, ticket]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("def make(): raise OSError('nobody answers')", "OSError: nobody answers"),
        ("make = object", "object lacks methods"),
        ("nothing = 1", "AttributeError"),
    ],
)
def test_an_engine_that_fails_is_replaced_with_a_warning(
    engine_package: Install, source: str, reason: str
) -> None:
    engine_package(source)
    with pytest.warns(BackendFallbackWarning, match=reason) as caught:
        backend = create_backend("other")
    assert isinstance(backend, PgCronBackend)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert create_backend("other") is backend


def test_an_unknown_engine_is_replaced_too() -> None:
    forget_backends()
    with pytest.warns(BackendFallbackWarning, match="no package brings it, known are: pgcron"):
        assert isinstance(create_backend("temporall"), PgCronBackend)


def test_an_engine_may_build_on_the_database(engine_package: Install) -> None:
    engine_package(
        "from slapg.backends import create_backend\n"
        "def make():\n"
        "    return create_backend('other')  # itself, while it is made\n"
    )
    assert isinstance(create_backend("other").engine, PgCronBackend)  # type: ignore[attr-defined]
