"""Listeners that are killed, that work side by side, and a message that takes its listener down."""

import signal
import threading

from tests.chaos.conftest import SECONDS, BusyDesk, Start, wait_until
from tests.chaos.ledger import check, doubled, mailed, posted, sent
from tests.chaos.mail_sink import RudeSmtpSink
from tests.chaos.webhook_sink import Post, WebhookSink
from tests.listener.conftest import Listener

WINDOW = 8


def kill_at(hook: WebhookSink, listener: Listener, number: int) -> None:
    """Kill the listener at the post of that number: the server takes it, and nobody hears so."""

    def before_answer(post: Post) -> None:
        if len(hook.posts) >= number:
            listener.process.kill()

    hook.before_answer = before_answer


def test_a_batch_whose_listener_is_killed(
    db, db_url: str, desk: BusyDesk, hook: WebhookSink, start: Start
) -> None:
    desk.webhook(hook.url)
    listener = start(db_url, "--window", str(WINDOW))
    kill_at(hook, listener, 30)
    rows = desk.notifications(tickets=50, each=2)
    listener.process.wait(SECONDS)
    desk.end_leases()
    start(db_url, "--window", str(WINDOW))
    wait_until(desk.all_sent, "everything sent after all")
    check(posted(hook.posts), sent(db, "hook"), doubles=WINDOW)
    assert doubled(posted(hook.posts)) >= 1, "it was killed while a post was in flight"
    assert len({post.id for post in hook.posts}) == len(rows), "a post that is repeated keeps its id"


def test_a_digest_whose_listener_is_killed(
    db_url: str, desk: BusyDesk, mail: RudeSmtpSink, start: Start
) -> None:
    """It comes again as the same whole: what came twice can be recognised, and nothing fell out of it."""
    rows = [desk.notification() for _ in range(15)]
    mail.hold()
    listener = start(db_url, mail_url=mail.url, ready="")
    mail.wait_until_holding()
    assert listener.stop(signal.SIGKILL) == -signal.SIGKILL
    late = desk.notification()
    desk.end_leases()
    mail.let_go()
    start(db_url, mail_url=mail.url)
    wait_until(desk.all_sent, "the digest and what came after it")
    digests = [desk.row(number, "digest_id")[0] for number in [*rows, late]]
    assert digests == [rows[0]] * len(rows) + [None]
    assert set(mailed(mail.mails)) == {rows[0], late}
    assert doubled(mailed(mail.mails)) <= 1


def test_two_listeners_at_once(
    db, db_url: str, desk: BusyDesk, hook: WebhookSink, mail: RudeSmtpSink, start: Start
) -> None:
    desk.webhook(hook.url)
    listeners = [start(db_url, mail_url=mail.url) for _ in range(2)]
    rows = desk.notifications(tickets=100, each=3) + desk.notifications(tickets=30, each=3, channel="email")
    wait_until(desk.all_sent, "everything sent")
    assert len(hook.posts) + len(mail.mails) == len(rows)
    check(posted(hook.posts), sent(db, "hook"), doubles=0)
    check(mailed(mail.mails), sent(db, "email"), doubles=0)
    assert [listener.stop() for listener in listeners] == [0, 0]


def test_a_message_that_kills_its_listener(
    db, db_url: str, desk: BusyDesk, hook: WebhookSink, start: Start
) -> None:
    """It is given up after its attempts by itself; all others arrive, and it costs none of theirs."""
    desk.webhook(hook.url)
    running: list[Listener] = []
    done = threading.Event()

    def before_answer(post: Post) -> None:
        if post.event["data"]["title"] == "Poison":
            running[-1].process.kill()
            running[-1].process.wait(SECONDS)

    hook.before_answer = before_answer
    (poison,) = desk.notifications(tickets=1, title="Poison")
    others = desk.notifications(tickets=60)

    def keep_one_running() -> None:
        while not done.is_set():
            running.append(start(db_url, "--window", str(WINDOW), ready=""))
            while running[-1].process.poll() is None and not done.wait(0.02):
                pass
            if not done.is_set():
                desk.end_leases()

    supervisor = threading.Thread(target=keep_one_running)
    supervisor.start()
    try:
        wait_until(lambda: desk.state(poison) == "dead", "given up")
        wait_until(lambda: desk.count("sent") == len(others), "all others sent")
    finally:
        done.set()
        supervisor.join()
    attempts, error = desk.row(poison, "attempts, last_error")
    assert attempts == 3
    assert "the listener ended while it was sending this" in error
    assert desk.count("dead") == 1
