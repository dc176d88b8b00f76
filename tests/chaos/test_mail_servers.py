"""Mail servers that hang, that refuse, and that take a mail and hang up."""

from tests.chaos.conftest import BusyDesk, Start, wait_until
from tests.chaos.ledger import check, doubled, mailed, sent
from tests.chaos.mail_sink import RudeSmtpSink
from tests.chaos.webhook_sink import WebhookSink


def test_one_that_hangs_holds_up_nobody_else(
    db_url: str, desk: BusyDesk, hook: WebhookSink, mail: RudeSmtpSink, start: Start
) -> None:
    desk.webhook(hook.url)
    mail.hold()
    start(db_url, mail_url=mail.url)
    stuck = desk.notifications(tickets=2, channel="email")
    mail.wait_until_holding()
    posts = desk.notifications(tickets=50)
    wait_until(lambda: len(hook.posts) == len(posts), "the posts, while mail hangs")
    wait_until(lambda: desk.count("sent") == len(posts), "recorded, while mail hangs")
    assert mail.mails == []
    mail.let_go()
    wait_until(desk.all_sent, "the mails, once it answers")
    assert len(mail.mails) == len(stuck)


def test_one_that_refuses_for_now_and_then_for_good(
    db_url: str, desk: BusyDesk, mail: RudeSmtpSink, start: Start
) -> None:
    (refused,) = desk.notifications(tickets=1, channel="email")
    mail.refuse("RCPT", "450 mailbox busy")
    mail.refuse("RCPT", "550 no such mailbox")
    start(db_url, mail_url=mail.url)
    wait_until(lambda: desk.state(refused) == "dead", "given up")
    assert desk.row(refused, "attempts, last_error") == (2, "550 no such mailbox")
    (next_one,) = desk.notifications(tickets=1, channel="email")
    wait_until(lambda: desk.state(next_one) == "sent", "the next one is not held up")
    assert len(mail.mails) == 1


def test_one_that_takes_a_mail_and_hangs_up(
    db, db_url: str, desk: BusyDesk, mail: RudeSmtpSink, start: Start
) -> None:
    """It may have it, or not: it is told again, so that it can tell by the Message-ID that it knows it."""
    mail.hang_up_after_data()
    rows = desk.notifications(tickets=5, channel="email")
    start(db_url, mail_url=mail.url)
    wait_until(desk.all_sent, "everything sent")
    check(mailed(mail.mails), sent(db, "email"), doubles=1)
    assert doubled(mailed(mail.mails)) == 1
    assert sorted(desk.row(number, "attempts")[0] for number in rows) == [1, 1, 1, 1, 2]
