"""What a listener's answer makes of a notification."""

from datetime import timedelta

import psycopg
import pytest

from tests.delivery.conftest import Answer, Db, Desk, record


def test_sent_is_the_end(desk: Desk) -> None:
    number = desk.notification()
    desk.claim()
    assert desk.answer("sent", number) == {number: "sent"}
    told = desk.row(number, "state, attempts, sent_at = sla.now(), next_attempt_at, claimed_at, last_error")
    assert told == ("sent", 1, True, None, None, None)
    assert desk.answer("sent", number) == {}, "once"
    desk.later("1 day")
    assert desk.claim() == []


def test_a_remark_is_kept_with_what_was_sent(desk: Desk) -> None:
    number = desk.notification()
    desk.claim()
    desk.answer("sent", number, error="template breach: line 1")
    assert desk.row(number, "state, last_error") == ("sent", "template breach: line 1")


def test_what_is_dead_holds_up_nobody(desk: Desk) -> None:
    ticket = desk.ticket()
    first, second = desk.notification(ticket), desk.notification(ticket)
    desk.claim()
    assert desk.answer("refused", first, error="no") == {first: "dead"}
    assert desk.row(first, "attempts, next_attempt_at, last_error") == (1, None, "no")
    assert desk.claim() == [second]


def test_three_attempts_and_longer_waits_between_them(desk: Desk) -> None:
    number = desk.notification()
    for wait in (1, 2):
        assert desk.claim() == [number]
        assert desk.answer("failed", number, error="no") == {number: "pending"}
        assert desk.row(number, "next_attempt_at - sla.now()") == (timedelta(seconds=wait),)
        desk.later(f"{wait} s")
    assert desk.claim() == [number]
    assert desk.answer("failed", number, error="no") == {number: "dead"}
    desk.later("1 day")
    assert desk.claim() == []
    assert desk.row(number, "attempts, last_error") == (3, "no")


def test_a_channel_says_how_often_and_no_wait_is_longer_than_30_seconds(desk: Desk) -> None:
    desk.channel("email", "email", max_attempts=8)
    number = desk.notification()
    waits = []
    while desk.claim():
        desk.answer("failed", number, error="no")
        if desk.state(number) == "pending":
            waits.append(desk.row(number, "next_attempt_at - sla.now()")[0].total_seconds())
            desk.later("30 s")
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert desk.row(number, "state, attempts") == ("dead", 8)


def test_an_endpoint_out_of_reach_costs_no_attempt(desk: Desk) -> None:
    number = desk.notification()
    for _ in range(10):
        assert desk.claim() == [number]
        assert desk.answer("unreachable", number, error="refused") == {number: "pending"}
        assert desk.row(number, "attempts, last_error, next_attempt_at - sla.now()") == (
            0, "refused", timedelta(seconds=1),
        )  # fmt: skip
        desk.later("1 s")


def test_what_is_given_back_untried_is_due_at_once_and_first_again(desk: Desk) -> None:
    given_back = desk.notification()
    desk.later("1 s")
    other = desk.notification()
    assert desk.claim(limit=1) == [given_back]
    assert desk.answer("unreachable", given_back) == {given_back: "pending"}
    assert desk.row(given_back, "attempts, last_error, claimed_at") == (0, None, None)
    assert desk.claim(limit=1) == [given_back]
    assert desk.claim(limit=1) == [other]


def test_many_answers_at_once_of_all_kinds(desk: Desk) -> None:
    numbers = [desk.notification() for _ in range(4)]
    desk.claim()
    outcomes = ("sent", "failed", "refused", "unreachable")
    answers = [Answer(n, 1, outcome, None) for n, outcome in zip(numbers, outcomes, strict=True)]
    unknown = Answer(999_999, 1, "sent")
    assert desk.record(*reversed(answers), unknown) == dict(
        zip(numbers, ("sent", "pending", "dead", "pending"), strict=True)
    )


def test_whose_lease_ran_out_has_no_say_but_is_believed_when_it_is_out(desk: Desk) -> None:
    number = desk.notification()
    desk.claim()
    for _ in range(2):
        desk.later("3 min")
        assert desk.claim() == [number]
    assert desk.row(number, "attempts") == (2,)
    for outcome in ("failed", "refused", "unreachable"):
        assert desk.record(Answer(number, 1, outcome, "no")) == {}
    assert desk.row(number, "state, last_error") == ("pending", None)
    assert desk.record(Answer(number, 1, "sent")) == {number: "sent"}
    assert desk.record(Answer(number, 2, "failed", "no")) == {}
    assert desk.state(number) == "sent"


def test_what_nobody_claims_takes_no_answer_but_sent(desk: Desk) -> None:
    number = desk.notification()
    assert desk.record(Answer(number, 0, "refused", "no")) == {}
    assert desk.state(number) == "pending"


@pytest.mark.parametrize("outcome", ["lost", None])
def test_an_answer_that_is_none_is_refused(desk: Desk, outcome: str) -> None:
    number = desk.notification()
    desk.claim()
    with pytest.raises(psycopg.Error, match="is unknown") as refusal:
        desk.record(Answer(number, 1, outcome))
    assert refusal.value.sqlstate == "SL064"
    assert desk.row(number, "state, claimed_at is not null") == ("pending", True)


def test_what_was_dropped_under_way_is_sent_all_the_same(db: Db, desk: Desk) -> None:
    number = desk.notification()
    desk.claim()
    db.execute("update sla.notifications set state = 'dropped', next_attempt_at = null")
    assert desk.answer("failed", number, error="no") == {}
    assert desk.state(number) == "dropped"
    assert desk.answer("sent", number) == {number: "sent"}
    assert desk.state(number) == "sent"


def test_the_dead_are_tried_again_when_somebody_says_so(db: Db, desk: Desk, other: Db) -> None:
    desk.channel("pager", "webhook", "https://pager.example")
    mail, second, pager = desk.notification(), desk.notification(), desk.notification(channel="pager")
    desk.claim()
    desk.claim("webhook")
    desk.answer("refused", mail, second, pager, error="no")
    other.execute("listen slapg")
    assert desk.value("select sla.retry_notifications(array[%s]::bigint[])", mail) == 1
    assert next(other.notifies(timeout=1)).channel == "slapg"
    assert desk.row(mail, "state, attempts, last_error") == ("pending", 0, "no")
    assert desk.claim() == [mail]
    assert desk.value("select sla.retry_notifications(p_channel => 'pager')") == 1
    assert desk.claim("webhook") == [pager]
    assert desk.value("select sla.retry_notifications()") == 1
    assert desk.value("select sla.retry_notifications()") == 0
    assert desk.claim() == [second]


def test_the_dead_of_other_tenants_are_theirs(db: Db, desk: Desk) -> None:
    number = desk.notification()
    desk.claim()
    desk.answer("refused", number, error="no")
    tenant = desk.value("insert into helpdesk.tenants (name) values ('B') returning tenant_id")
    db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    assert desk.value("select sla.retry_notifications()") == 0
    assert desk.state(number) == "dead"


def test_answers_of_two_listeners_do_not_wait_for_each_other(db: Db, desk: Desk, other: Db) -> None:
    numbers = [desk.notification() for _ in range(3)]
    desk.claim()
    with db.transaction():
        assert desk.answer("sent", numbers[0]) == {numbers[0]: "sent"}
        answers = [Answer(number, 1, "sent") for number in numbers[1:]]
        assert record(other, *answers) == dict.fromkeys(numbers[1:], "sent")


def test_the_queue_shows_who_waits_for_what(db: Db, desk: Desk) -> None:
    waiting, dead, done = desk.notification(due="-5 min"), desk.notification(), desk.notification()
    desk.claim()
    desk.answer("refused", dead, error="no")
    desk.answer("sent", done)
    desk.answer("unreachable", waiting, error="down")
    desk.later("5 min 1 s")
    rows = db.execute(
        """
        select notification_id, ticket_number, recipient, state, overdue, last_error
        from sla.notification_queue
        """
    ).fetchall()
    assert rows == [
        (waiting, "T1", "Anna", "pending", timedelta(minutes=5), "down"),
        (dead, "T2", "Anna", "dead", None, "no"),
    ]
    depth = db.execute("select * from sla.queue_depth() order by state").fetchall()
    assert depth == [("email", "dead", 1, None), ("email", "pending", 1, timedelta(minutes=5))]
