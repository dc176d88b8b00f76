"""The database goes away: a backend, the whole server, the network in between."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from slapg.cluster import Cluster
from tests.chaos.conftest import SECONDS, BusyDesk, Start, wait_until
from tests.chaos.ledger import check, posted, sent
from tests.chaos.proxy import Proxy
from tests.chaos.server import kill_server, private_server
from tests.chaos.webhook_sink import Post, WebhookSink

WINDOW = 8
IN_FLIGHT = 2 * WINDOW
"""Claimed and not recorded at one instant: what is being sent, and what waits to be recorded."""

TERMINATE_SQL = """
select count(pg_terminate_backend(pid)) from pg_stat_activity
where application_name like 'slapg listen%' and datname = current_database()
"""


@pytest.fixture
def proxy(cluster: Cluster) -> Iterator[Proxy]:
    """A network between a listener and the server."""
    postmaster = cluster.postmaster()
    assert postmaster is not None
    with Proxy(cluster.socket_dir / f".s.PGSQL.{postmaster.port}") as proxy:
        yield proxy


@pytest.fixture
def far_url(db: psycopg.Connection, proxy: Proxy) -> str:
    """The test's database, through the network."""
    return f"postgresql://postgres@127.0.0.1:{proxy.port}/{db.info.dbname}?sslmode=disable&gssencmode=disable"


def slowly(hook: WebhookSink) -> None:
    """So that there is time to break something in the middle."""
    hook.before_answer = lambda post: time.sleep(0.02)


def test_backends_are_terminated(db, db_url: str, desk: BusyDesk, hook: WebhookSink, start: Start) -> None:
    desk.webhook(hook.url)
    slowly(hook)
    listener = start(db_url, "--window", str(WINDOW))
    desk.notifications(tickets=150, each=2)
    for number in (40, 160):
        wait_until(lambda number=number: len(hook.posts) >= number, "some posts")
        assert db.execute(TERMINATE_SQL).fetchone()[0] > 0
    wait_until(desk.all_sent, "everything sent")
    check(posted(hook.posts), sent(db, "hook"), doubles=2 * IN_FLIGHT)
    assert listener.stop() == 0


def test_the_network_freezes_and_thaws(
    db, far_url: str, proxy: Proxy, desk: BusyDesk, hook: WebhookSink, start: Start
) -> None:
    desk.webhook(hook.url)
    slowly(hook)
    listener = start(far_url, "--window", str(WINDOW))
    rows = desk.notifications(tickets=50, each=2)
    wait_until(lambda: len(hook.posts) >= 20, "some posts")
    proxy.freeze()
    time.sleep(0.5)
    taken = len(hook.posts)
    time.sleep(0.5)
    assert len(hook.posts) == taken < len(rows), "nothing is claimed while the database is away"
    proxy.thaw()
    wait_until(desk.all_sent, "everything sent after the thaw")
    check(posted(hook.posts), sent(db, "hook"), doubles=0)
    assert listener.stop() == 0


def test_the_network_breaks_and_stays_away(
    db, far_url: str, proxy: Proxy, desk: BusyDesk, hook: WebhookSink, start: Start
) -> None:
    desk.webhook(hook.url)
    slowly(hook)
    listener = start(far_url, "--window", str(WINDOW))
    desk.notifications(tickets=50, each=2)
    wait_until(lambda: len(hook.posts) >= 20, "some posts")
    proxy.close_door()
    assert proxy.reset() > 0
    listener.wait_for("lost the database")
    time.sleep(0.3)
    proxy.open_door()
    wait_until(desk.all_sent, "everything sent after coming back")
    check(posted(hook.posts), sent(db, "hook"), doubles=IN_FLIGHT)
    assert listener.stop() == 0


def test_the_server_is_killed_and_started_again(hook: WebhookSink, start: Start) -> None:
    with private_server() as cluster:
        with psycopg.connect(cluster.socket_url(), autocommit=True) as db:
            desk = BusyDesk(db)
            desk.webhook(hook.url)
            desk.notifications(tickets=50, each=2)
        crash = threading.Event()

        def before_answer(post: Post) -> None:
            time.sleep(0.01)
            if len(hook.posts) >= 30 and not crash.is_set():
                crash.set()
                kill_server(cluster)

        hook.before_answer = before_answer
        listener = start(cluster.socket_url(), "--window", str(WINDOW))
        assert crash.wait(SECONDS)
        listener.wait_for("lost the database")
        cluster.start()
        with psycopg.connect(cluster.socket_url(), autocommit=True) as db:
            wait_until(BusyDesk(db).all_sent, "everything sent after the restart")
            check(posted(hook.posts), sent(db, "hook"), doubles=IN_FLIGHT)
        assert listener.stop() == 0
