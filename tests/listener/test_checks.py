"""What a listener needs of its database before it begins: slapg in it, and the rights of slapg_listener."""

from collections.abc import Iterator
from threading import Event

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from slapg.errors import SlapgError
from slapg.listener import Relay, Timer, drain_once
from tests.listener.conftest import Connect, Desk, Listen, wait_until
from tests.notifier.smtp_sink import SmtpSink


@pytest.fixture
def roles(db: psycopg.Connection) -> Iterator[tuple[str, str]]:
    """Two roles that can log in, with and without the rights of slapg_listener."""
    relay, stranger = f"{db.info.dbname}_relay", f"{db.info.dbname}_stranger"
    for role in (relay, stranger):
        db.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
    db.execute(sql.SQL("grant slapg_listener to {}").format(sql.Identifier(relay)))
    yield relay, stranger
    for role in (relay, stranger):
        db.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


def test_a_stranger_is_told_what_he_lacks(db_url: str, roles: tuple[str, str]) -> None:
    _, stranger = roles
    with pytest.raises(SlapgError, match=r"may not call sla\.next_fire_at") as failure:
        drain_once(make_conninfo(db_url, user=stranger), None, Timer(), Event())
    assert failure.value.hint == f"as a superuser: grant slapg_listener to {stranger}"


def test_the_role_of_listeners_is_enough_for_all_that_it_does(
    db_url: str, connect: Connect, desk: Desk, sink: SmtpSink, listen: Listen, roles: tuple[str, str]
) -> None:
    relay, _ = roles
    listener = listen(
        "--timer", "--metrics-address", "127.0.0.1:0", SLAPG_DSN=make_conninfo(db_url, user=relay)
    )
    number = desk.notification()
    desk.hint()
    wait_until(lambda: desk.state(number) == "sent", "sent by the role")
    assert listener.stop() == 0
    assert "lost the database" not in listener.log()
    assert "failed" not in listener.log()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect(user=relay).execute("update sla.notifications set state = 'pending'")


def test_a_database_without_slapg_says_what_to_do(empty_db_url: str) -> None:
    with pytest.raises(SlapgError, match=r"the database has no sla\.claim_notifications") as failure:
        drain_once(empty_db_url, Relay([]), None, Event())
    assert failure.value.hint == "bring it up to date with: slapg migrate"
