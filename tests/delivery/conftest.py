"""A desk with rows in the outbox, and the hands of listeners on it, by SQL alone."""

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest

NOON = "2026-03-02 12:00:00+00"
TENANT = UUID(int=1)

Db = psycopg.Connection[Any]


class Answer(NamedTuple):
    """What a listener says about one notification."""

    number: int
    attempt: int
    outcome: str
    error: str | None = None


class Desk:
    """Writes tickets and notifications as the engine would, and reads how they fared."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._numbers = itertools.count(1)
        self.anna = self.user("Anna")

    def user(self, name: str) -> UUID:
        return self.value(
            "insert into helpdesk.users (name, email) values (%s, %s) returning user_id",
            name,
            f"{name.lower()}@example.com",
        )

    def ticket(self) -> UUID:
        return self.value(
            """
            insert into helpdesk.tickets (ticket_number, title, entered_at) values (%s, 'Printer', sla.now())
            returning ticket_id
            """,
            f"T{next(self._numbers)}",
        )

    def notification(
        self,
        ticket: UUID | None = None,
        *,
        user: UUID | None = None,
        channel: str = "email",
        template: str = "breach",
        due: str = "0 s",
    ) -> int:
        """One more row of the outbox, to be sent after `due`; its number."""
        return self.value(
            """
            insert into sla.notifications
                (ticket_id, user_id, channel, template, payload, created_at, next_attempt_at)
            values (%s, %s, %s, %s, '{}', sla.now(), sla.now() + %s::interval)
            returning notification_id
            """,
            ticket or self.ticket(),
            user or self.anna,
            channel,
            template,
            due,
        )

    def channel(self, channel: str, kind: str, url: str | None = None, *, max_attempts: int = 3) -> None:
        self._db.execute(
            "insert into sla.channels (channel, kind, url, max_attempts) values (%s, %s, %s, %s)",
            [channel, kind, url, max_attempts],
        )

    def claim(self, kind: str = "email", limit: int = 10, resting: tuple[str, ...] = ()) -> list[int]:
        return claim(self._db, kind, limit, resting)

    def record(self, *answers: Answer) -> dict[int, str]:
        return record(self._db, *answers)

    def answer(self, outcome: str, *numbers: int, error: str | None = None) -> dict[int, str]:
        """Answer for the attempts that are under way."""
        return self.record(
            *(Answer(number, self.row(number, "attempts")[0], outcome, error) for number in numbers)
        )

    def later(self, by: str) -> None:
        """Let time pass: nothing moves otherwise."""
        self._db.execute("select set_config('slapg.now', (sla.now() + %s::interval)::text, false)", [by])

    def row(self, number: int, columns: str) -> tuple[Any, ...]:
        row = self._db.execute(
            f"select {columns} from sla.notifications where notification_id = %s", [number]
        ).fetchone()
        assert row is not None
        return row

    def state(self, number: int) -> str:
        return self.row(number, "state")[0]

    def value(self, query: str, *parameters: Any) -> Any:
        row = self._db.execute(query, parameters).fetchone()
        assert row is not None
        return row[0]


def claim(db: Db, kind: str = "email", limit: int = 10, resting: tuple[str, ...] = ()) -> list[int]:
    rows = db.execute(
        "select notification_id from sla.claim_notifications(%s, %s, p_resting => %s)",
        [kind, limit, list(resting)],
    )
    return [number for (number,) in rows]


def record(db: Db, *answers: Answer) -> dict[int, str]:
    rows = db.execute(
        """
        select notification_id, state
        from sla.record_deliveries(%s::uuid[], %s::bigint[], %s::integer[], %s::text[], %s::text[])
        """,
        [[TENANT] * len(answers), *(list(column) for column in zip(*answers, strict=True))],
    )
    return dict(rows.fetchall())


@pytest.fixture
def desk(db: Db) -> Desk:
    """A desk where it is noon until the test lets time pass."""
    db.execute("select set_config('slapg.now', %s, false)", [NOON])
    return Desk(db)


@pytest.fixture
def other(connect: Callable[..., Db]) -> Db:
    """Another listener's connection, at the same noon."""
    connection = connect()
    connection.execute(
        "select set_config('slapg.now', %s, false), set_config('lock_timeout', '1 s', false)", [NOON]
    )
    return connection
