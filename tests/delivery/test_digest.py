"""Many messages for one person become one."""

from typing import Any

import pytest

from tests.delivery.conftest import Answer, Db, Desk, claim, record


@pytest.fixture(autouse=True)
def more_than_three(db: Db) -> None:
    db.execute("update sla.settings set digest_after = 3")


def digests(db: Db, limit: int = 10) -> dict[Any, list[int]]:
    """What a claim hands out, by digest; None: by itself."""
    rows = db.execute("select digest_id, notification_id from sla.claim_notifications('email', %s)", [limit])
    told: dict[Any, list[int]] = {}
    for digest, number in rows:
        told.setdefault(digest, []).append(number)
    return told


def test_more_than_so_many_are_one_message(db: Db, desk: Desk) -> None:
    ben = desk.user("Ben")
    annas = [desk.notification() for _ in range(4)]
    bens = [desk.notification(user=ben) for _ in range(3)]
    assert digests(db) == {annas[0]: annas, None: bens}
    assert desk.answer("sent", *annas, *bens) == dict.fromkeys(annas + bens, "sent")
    assert digests(db) == {}


def test_a_digest_is_one_of_the_limit_however_long(db: Db, desk: Desk) -> None:
    ben = desk.user("Ben")
    annas = [desk.notification() for _ in range(5)]
    bens = [desk.notification(user=ben) for _ in range(4)]
    assert digests(db, 1) == {annas[0]: annas}
    assert digests(db, 1) == {bens[0]: bens}
    assert digests(db, 1) == {}


def test_each_tells_the_oldest_500(db: Db, desk: Desk) -> None:
    db.execute(
        """
        insert into sla.notifications (ticket_id, user_id, channel, template, created_at, next_attempt_at)
        select helpdesk.new_id(), %s, 'email', 'breach', sla.now(), sla.now() from generate_series(1, 900)
        """,
        [desk.anna],
    )
    sizes = [sorted(map(len, digests(db).values())) for _ in range(3)]
    assert sizes == [[500], [400], []]


def test_without_the_setting_all_go_by_themselves(db: Db, desk: Desk) -> None:
    db.execute("update sla.settings set digest_after = null")
    numbers = [desk.notification() for _ in range(12)]
    assert digests(db, 12) == {None: numbers}


def test_channels_that_are_nobodys_have_no_digests(db: Db, desk: Desk) -> None:
    desk.channel("pager", "webhook", "https://pager.example")
    numbers = [desk.notification(channel="pager") for _ in range(5)]
    db.execute("update sla.notifications set user_id = null")
    assert desk.claim("webhook") == numbers
    assert {desk.row(number, "digest_id") for number in numbers} == {(None,)}


def test_only_what_is_due_counts(db: Db, desk: Desk) -> None:
    due = [desk.notification() for _ in range(3)]
    desk.notification(due="1 min")
    assert digests(db) == {None: due}


def test_of_one_ticket_all_are_told_in_order(db: Db, desk: Desk) -> None:
    ticket = desk.ticket()
    numbers = [desk.notification(ticket) for _ in range(4)]
    assert digests(db) == {numbers[0]: numbers}


def test_what_stands_behind_one_under_way_is_left_out(db: Db, desk: Desk) -> None:
    ticket = desk.ticket()
    ahead = desk.notification(ticket)
    assert desk.claim() == [ahead]
    behind = desk.notification(ticket)
    others = [desk.notification() for _ in range(4)]
    assert digests(db) == {others[0]: others}
    desk.answer("sent", ahead, *others)
    assert digests(db) == {None: [behind]}


def test_what_follows_waits_for_the_digest(db: Db, desk: Desk) -> None:
    ticket = desk.ticket()
    numbers = [desk.notification(ticket) for _ in range(4)]
    desk.claim()
    later = desk.notification(ticket)
    assert digests(db) == {}
    desk.answer("sent", *numbers)
    assert digests(db) == {None: [later]}


def test_it_stays_together_through_its_retries(db: Db, desk: Desk) -> None:
    numbers = [desk.notification() for _ in range(4)]
    for wait in ("1 s", "2 s"):
        assert digests(db) == {numbers[0]: numbers}
        assert desk.answer("failed", *numbers, error="busy") == dict.fromkeys(numbers, "pending")
        desk.notification(due="1 day")
        desk.later(wait)
    assert digests(db) == {numbers[0]: numbers}
    assert desk.answer("failed", *numbers, error="busy") == dict.fromkeys(numbers, "dead")


def test_new_ones_do_not_join_a_digest_that_is_being_retried(db: Db, desk: Desk) -> None:
    numbers = [desk.notification() for _ in range(4)]
    desk.claim()
    desk.answer("failed", *numbers, error="busy")
    desk.later("1 s")
    more = [desk.notification() for _ in range(4)]
    assert digests(db) == {numbers[0]: numbers, more[0]: more}


def test_one_that_failed_by_itself_stays_by_itself(db: Db, desk: Desk) -> None:
    failing = desk.notification()
    desk.claim()
    desk.answer("failed", failing, error="no")
    numbers = [desk.notification() for _ in range(4)]
    desk.later("1 s")
    assert digests(db) == {numbers[0]: numbers, None: [failing]}


def test_it_goes_without_what_was_withdrawn_meanwhile(db: Db, desk: Desk) -> None:
    numbers = [desk.notification() for _ in range(5)]
    desk.claim()
    desk.answer("unreachable", *numbers, error="down")
    db.execute(
        "update sla.notifications set state = 'dropped', next_attempt_at = null where notification_id = %s",
        [numbers[0]],
    )
    desk.later("1 s")
    assert digests(db) == {numbers[0]: numbers[1:]}


def test_a_part_that_is_held_by_somebody_holds_the_whole(db: Db, desk: Desk, other: Db) -> None:
    numbers = [desk.notification() for _ in range(4)]
    desk.claim()
    desk.answer("unreachable", *numbers)
    with db.transaction():
        db.execute("select from sla.notifications where notification_id = %s for update", [numbers[2]])
        assert claim(other) == []
    assert claim(other) == numbers


def test_a_digest_that_was_lost_comes_back_by_itself_and_whole(db: Db, desk: Desk) -> None:
    ben = desk.user("Ben")
    annas, bens = [desk.notification() for _ in range(4)], [desk.notification(user=ben)]
    assert digests(db) == {annas[0]: annas, None: bens}
    fresh = desk.notification(user=ben)
    desk.later("2 min")
    alone = [digests(db), digests(db)]
    assert {annas[0]: annas} in alone
    assert {None: bens} in alone
    assert {desk.row(number, "attempts, claimed_alone") for number in annas} == {(1, True)}
    assert digests(db) == {None: [fresh]}
    for _ in range(3):
        desk.later("3 min")
        while claimed := desk.claim():
            if annas[0] not in claimed:
                desk.answer("sent", *claimed)
    assert {desk.state(number) for number in annas} == {"dead"}
    assert desk.value("select sla.retry_notifications()") == 4
    db.execute("update sla.settings set digest_after = null")
    assert digests(db) == {None: annas}


def test_two_listeners_never_share_one(db: Db, desk: Desk, other: Db) -> None:
    """What one gathers and has not committed is not there for the other, nor what stands behind it."""
    ticket = desk.ticket()
    numbers = [desk.notification(ticket) for _ in range(4)]
    with db.transaction():
        assert digests(db) == {numbers[0]: numbers}
        assert claim(other) == []
    assert claim(other) == []
    assert record(other, *(Answer(number, 1, "sent") for number in numbers)) == dict.fromkeys(numbers, "sent")


def test_what_another_has_locked_keeps_those_behind_it_out(db: Db, desk: Desk, other: Db) -> None:
    ticket = desk.ticket()
    ahead = desk.notification(ticket)
    behind = desk.notification(ticket)
    others = [desk.notification() for _ in range(4)]
    with other.transaction():
        other.execute("select from sla.notifications where notification_id = %s for update", [ahead])
        assert digests(db) == {others[0]: others}
    desk.answer("sent", *others)
    assert digests(db) == {None: [ahead]}
    desk.answer("sent", ahead)
    assert digests(db) == {None: [behind]}
