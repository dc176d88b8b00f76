"""`slapg listen` as people run it: real processes, a real server, real mail, and signals."""

import signal
import time

import pytest

from slapg.listener.backoff import Backoff
from slapg.notifier.mail import EmailChannel
from tests.listener.conftest import Desk, Listen, wait_until
from tests.notifier.smtp_sink import SmtpSink

AT_ONCE = EmailChannel.concurrency


def tickets_told_of(sink: SmtpSink) -> list[str]:
    return [str(mail["Subject"]).split()[1] for mail in sink.mails]


def test_what_happened_while_nobody_listened_is_delivered(desk: Desk, sink: SmtpSink, listen: Listen) -> None:
    numbers = [desk.notification() for _ in range(3)]
    listener = listen()
    wait_until(lambda: len(sink.mails) == 3, "three mails")
    wait_until(lambda: {desk.state(n) for n in numbers} == {"sent"}, "recorded")
    assert sorted(tickets_told_of(sink)) == ["T1", "T2", "T3"]
    assert listener.stop() == 0


def test_a_hint_is_enough_and_not_needed(desk: Desk, sink: SmtpSink, listen: Listen) -> None:
    patient = listen("--poll-seconds", "3600")
    desk.notification()
    desk.hint()
    wait_until(lambda: len(sink.mails) == 1, "the mail after a hint")
    assert patient.stop() == 0
    listen("--poll-seconds", "0.2")
    desk.notification()
    wait_until(lambda: len(sink.mails) == 2, "the mail without a hint")


def test_a_refused_mail_is_tried_again(desk: Desk, sink: SmtpSink, listen: Listen) -> None:
    sink.refuse("RCPT", "451 greylisted")
    number = desk.notification()
    listen("--poll-seconds", "0.2")
    wait_until(lambda: desk.state(number) == "sent", "sent at the second attempt")
    assert desk.row(number, "attempts, last_error") == (2, None)
    assert len(sink.mails) == 1


def test_a_mail_that_cannot_arrive_is_dead_and_says_why(desk: Desk, sink: SmtpSink, listen: Listen) -> None:
    lost = desk.notification(user=desk.user("Ben", None))
    sink.refuse("DATA", "554 spam")
    spam = desk.notification()
    listener = listen()
    wait_until(lambda: desk.state(spam) == "dead", "given up")
    assert desk.row(lost, "state, attempts, last_error") == ("dead", 1, "Ben has no e-mail address")
    assert desk.row(spam, "attempts, last_error") == (1, "554 spam")
    listener.wait_for("now dead: 554 spam")


def test_a_stop_finishes_what_is_being_sent_and_hands_back_the_rest(
    desk: Desk, sink: SmtpSink, listen: Listen
) -> None:
    sink.hold()
    numbers = [desk.notification() for _ in range(10)]
    listener = listen("--window", "6", ready="")
    sink.wait_until_holding(AT_ONCE)
    listener.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    assert listener.process.poll() is None, "it waits for the answers"
    sink.let_go()
    assert listener.process.wait(20) == 0
    rows = [desk.row(number, "state, attempts, claimed_at") for number in numbers]
    assert [row[0] for row in rows].count("sent") == AT_ONCE == len(sink.mails)
    assert [row for row in rows if row[0] != "sent"] == [("pending", 0, None)] * 6


def test_a_killed_listener_loses_nothing_and_blocks_nobody(
    desk: Desk, sink: SmtpSink, listen: Listen
) -> None:
    sink.hold()
    numbers = [desk.notification() for _ in range(8)]
    listener = listen("--window", "6", ready="")
    sink.wait_until_holding(AT_ONCE)
    listener.stop(signal.SIGKILL)
    in_hand = [number for number in numbers if desk.row(number, "claimed_at")[0]]
    assert len(in_hand) == 6
    listen("--poll-seconds", "0.2", ready="")
    sink.let_go()
    waiting = set(numbers) - set(in_hand)
    wait_until(
        lambda: {desk.state(n) for n in waiting} == {"sent"}, "those that the dead one had not claimed"
    )
    assert {desk.row(number, "state, attempts") for number in in_hand} == {("pending", 1)}
    desk.end_leases()
    wait_until(lambda: {desk.state(n) for n in numbers} == {"sent"}, "those that it had")
    assert {desk.row(number, "attempts") for number in in_hand} == {(1,)}, "being killed is no one's fault"
    ids = [mail["Message-ID"] for mail in sink.mails]
    assert len(set(ids)) == 8, "what the server may have got twice can be recognised"
    assert len(ids) <= 8 + AT_ONCE, "and only what was being sent was sent twice"


def test_two_listeners_share_the_work(db, desk: Desk, sink: SmtpSink, listen: Listen) -> None:
    db.execute("update sla.settings set digest_after = null")
    listen("--poll-seconds", "3600")
    listen("--poll-seconds", "3600")
    sink.hold()
    numbers = [desk.notification() for _ in range(40)]
    desk.hint()
    sink.wait_until_holding(2 * AT_ONCE)
    sink.let_go()
    wait_until(lambda: len(sink.mails) >= 40, "forty mails")
    wait_until(lambda: {desk.state(n) for n in numbers} == {"sent"}, "recorded")
    assert sorted(tickets_told_of(sink)) == sorted(f"T{n}" for n in range(1, 41)), "each once"


def test_a_lost_connection_is_made_again(db, desk: Desk, sink: SmtpSink, listen: Listen) -> None:
    listener = listen("--poll-seconds", "3600")
    db.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'slapg listen' and datname = current_database()"
    )
    desk.notification()  # while nobody listens
    listener.wait_for("relay: lost the database .* connecting again in")
    wait_until(lambda: len(sink.mails) == 1, "caught up after coming back")
    listener.wait_for("(?s)relay: listening.*relay: listening")
    desk.notification()
    desk.hint()
    wait_until(lambda: len(sink.mails) == 2, "told of a new one by a hint")
    assert listener.stop(signal.SIGINT) == 0


def test_what_would_not_mend_itself_ends_it(db, listen: Listen) -> None:
    listener = listen("--poll-seconds", "0.2")
    db.execute("drop function sla.claim_notifications")
    assert listener.process.wait(20) == 1
    assert "error: function sla.claim_notifications(" in listener.log()
    assert "Traceback" not in listener.log()


def test_waits_grow_and_are_capped_and_differ() -> None:
    waits = [[backoff.next() for _ in range(8)] for backoff in (Backoff(), Backoff())]
    for wait, longest in zip(waits[0], (1, 2, 4, 8, 16, 30, 30, 30), strict=True):
        assert longest / 2 <= wait <= longest
    assert waits[0] != waits[1]


def test_once_delivers_what_is_due_and_ends(desk: Desk, sink: SmtpSink, listen: Listen) -> None:
    numbers = [desk.notification(), desk.notification(due="1 hour")]
    listener = listen("--once", ready="")
    assert listener.process.wait(20) == 0
    assert [desk.state(n) for n in numbers] == ["sent", "pending"]


@pytest.mark.parametrize(
    ("environment", "code", "said"),
    [
        ({"SLAPG_CHANNELS": "none"}, 2, "error: nothing to do: --channels none, and --no-timer"),
        ({"SLAPG_CHANNELS": "email,fax"}, 2, "error: no kind of channel is called fax"),
        ({"SLAPG_MAIL_FROM": ""}, 2, "error: no sender for mail"),
        ({"SLAPG_MAIL_FROM": "me"}, 2, "error: no mail address to send from: me"),
        ({"SLAPG_SMTP_URL": "mail.example"}, 2, "error: the SMTP URL cannot be read"),
        (
            {"SLAPG_DSN": "postgresql://127.0.0.1:1/x"},
            1,
            "error: cannot connect to database x at 127.0.0.1:1",
        ),
    ],
)
def test_wrong_use_is_one_clear_line(listen: Listen, environment: dict, code: int, said: str) -> None:
    listener = listen(ready="", **environment)
    assert listener.process.wait(20) == code
    assert listener.log().startswith(said)
    assert "Traceback" not in listener.log()
