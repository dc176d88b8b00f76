"""An upgrade while applications write: no lock stops the writers of tickets for longer than a second."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from slapg.migrations import migrate

NewRevision = Callable[[str], str]

LOADED = 5_000
LONGEST_SECONDS = 1.0
DESK = """
    insert into sla.policies (name, is_default) values ('Gold', true);
    insert into helpdesk.priorities (name) values ('Urgent');
    insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes)
    select policy_id, priority_id, 60, 240 from sla.policies, helpdesk.priorities;
"""
TICKETS = """
    insert into helpdesk.tickets (priority_id)
    select priority_id from helpdesk.priorities, generate_series(1, %s)
"""
LOCKED = """
    select exists (
        select from pg_locks
        where relation = 'helpdesk.tickets'::regclass and mode = 'AccessExclusiveLock' and granted
            and database = (select oid from pg_database where datname = current_database()))
"""


class Watch:
    """Writers of tickets: how long their statements took, and the longest exclusive lock on the table."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._over = threading.Event()
        self._failures: list[Exception] = []
        self.inserts: list[float] = []
        self.longest_lock = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._guarded, args=[work])
            for work in (self._write, self._write, self._look)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()
        assert self._failures == []

    def _guarded(self, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True) as connection:
                while not self._over.is_set():
                    work(connection)
        except Exception as error:
            self._failures.append(error)

    def _write(self, connection: psycopg.Connection[Any]) -> None:
        began = time.monotonic()
        connection.execute(TICKETS, [1])
        self.inserts.append(time.monotonic() - began)
        time.sleep(0.005)

    def _look(self, connection: psycopg.Connection[Any]) -> None:
        began = time.monotonic()
        while connection.execute(LOCKED).fetchone() == (True,):
            self.longest_lock = max(self.longest_lock, time.monotonic() - began)
            time.sleep(0.002)
        time.sleep(0.002)


@pytest.fixture
def loaded_db(slapg_db: str) -> str:
    """A database with tickets in it."""
    with psycopg.connect(slapg_db) as db:
        db.execute(DESK)
        db.execute(TICKETS, [LOADED])
    return slapg_db


@pytest.fixture
def next_release(sql_copy: Path, new_revision: NewRevision) -> None:
    """A revision that alters the busiest table, and a new text for every file of sql/."""
    new_revision("alter table helpdesk.tickets add column next_release text;")
    for file in sql_copy.rglob("*.sql"):
        file.write_text(file.read_text() + "\n-- as of the next release\n")


def _untracked(url: str) -> int:
    with psycopg.connect(url) as db:
        row = db.execute(
            "select count(*) from helpdesk.tickets t"
            " where (select count(*) from sla.clocks c where c.ticket_id = t.ticket_id) <> 2"
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("next_release")
def test_writers_go_on(loaded_db: str) -> None:
    watch = Watch(loaded_db)
    with watch.running():
        time.sleep(0.3)
        before = len(watch.inserts)
        report = migrate(loaded_db)
    assert report.revisions == ["9999"]
    assert len(report.applied) > 200
    assert before > 5
    assert len(watch.inserts) > before
    assert 0 < watch.longest_lock < LONGEST_SECONDS
    assert max(watch.inserts) < 2 * LONGEST_SECONDS
    assert _untracked(loaded_db) == 0


@pytest.mark.usefixtures("next_release")
def test_a_long_transaction_holds_up_the_upgrade_and_not_the_writers(loaded_db: str) -> None:
    watch = Watch(loaded_db)
    with watch.running(), psycopg.connect(loaded_db) as patient:
        patient.execute("update helpdesk.tickets set title = 'long' where ticket_number = '1'")
        upgrade = threading.Thread(target=migrate, args=[loaded_db])
        upgrade.start()
        upgrade.join(4)
        assert upgrade.is_alive()
        patient.commit()
        upgrade.join(60)
        assert not upgrade.is_alive()
    assert watch.longest_lock < LONGEST_SECONDS
    assert max(watch.inserts) < 2 * LONGEST_SECONDS
    with psycopg.connect(loaded_db) as db:
        assert db.execute("select version_num from slapg_meta.alembic_version").fetchone() == ("9999",)
