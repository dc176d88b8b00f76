"""Who is handed what, and in which order."""

from datetime import UTC, datetime

import pytest

from tests.delivery.conftest import TENANT, Db, Desk, claim

LOST = "the listener ended while it was sending this"


def test_a_claim_hands_out_what_is_due_on_channels_of_its_kind(desk: Desk) -> None:
    desk.channel("pager", "webhook", "https://pager.example")
    due = [desk.notification(), desk.notification()]
    desk.notification(due="1 s")
    pager = desk.notification(channel="pager")
    nobodys = desk.notification(channel="teams")
    assert desk.claim() == due
    assert desk.claim() == []
    assert desk.claim("webhook", 0) == []
    assert desk.claim("webhook") == [pager]
    assert desk.state(nobodys) == "pending"


def test_a_claim_says_all_that_a_message_needs(db: Db, desk: Desk) -> None:
    ticket = desk.ticket()
    number = desk.notification(ticket)
    db.execute(
        """
        insert into sla.channels (channel, kind, url, sender)
        values ('email', 'email', 'smtps://mail.example', 'Desk <d@example.com>')
        """
    )
    db.execute("insert into sla.recipient_preferences (user_id, locale) values (%s, 'de')", [desk.anna])
    version = desk.value("select config_version from sla.settings")
    row = db.execute("select * from sla.claim_notifications('email')").fetchone()
    assert row == (
        TENANT, number, ticket, None, desk.anna, "email", "email", "breach", {}, 1,
        datetime(2026, 3, 2, 12, tzinfo=UTC), "Anna", "anna@example.com", "de", "smtps://mail.example",
        "Desk <d@example.com>", None, version, None, False,
    )  # fmt: skip


def test_email_needs_no_row_and_a_row_may_make_it_something_else(db: Db, desk: Desk) -> None:
    number = desk.notification()
    db.execute("update sla.settings set locale = 'fr'")
    row = db.execute("select kind, url, locale from sla.claim_notifications('email')").fetchone()
    assert row == ("email", None, "fr")
    desk.answer("unreachable", number)
    desk.channel("email", "apprise", "slack://${env:SLACK}")
    assert desk.claim() == []
    assert desk.claim("apprise") == [number]


def test_what_is_off_waits(db: Db, desk: Desk) -> None:
    desk.channel("email", "email")
    number = desk.notification()
    db.execute("update sla.channels set is_enabled = false")
    assert desk.claim() == []
    db.execute("update sla.channels set is_enabled = true")
    assert desk.claim() == [number]


def test_endpoints_that_rest_are_passed_over(desk: Desk) -> None:
    desk.channel("chat", "webhook", "https://chat.example")
    desk.channel("pager", "webhook", "https://pager.example")
    chat, pager = desk.notification(channel="chat"), desk.notification(channel="pager")
    mail = desk.notification()
    assert desk.claim("webhook", resting=("https://chat.example",)) == [pager]
    assert desk.claim(resting=("",)) == []
    assert desk.claim() == [mail]
    assert desk.claim("webhook") == [chat]


def test_the_limit_is_kept_and_the_longest_waiting_go_first(desk: Desk) -> None:
    second, first = desk.notification(due="-1 s"), desk.notification(due="-2 s")
    assert desk.claim(limit=1) == [first]
    assert desk.claim(limit=1) == [second]


def test_every_tenant_is_served_by_its_own_channel(db: Db, desk: Desk) -> None:
    """The longest waiting tenant first, all within one limit."""
    mine = desk.notification(due="-1 s")
    desk.channel("email", "email", "smtp://mine.example")
    tenant = desk.value("insert into helpdesk.tenants (name) values ('B') returning tenant_id")
    db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    theirs = desk.notification(user=desk.user("Ben"), due="-2 s")
    rows = db.execute(
        "select tenant_id, notification_id, url from sla.claim_notifications('email', 5)"
    ).fetchall()
    assert rows == [(tenant, theirs, None), (TENANT, mine, "smtp://mine.example")]


def test_one_ticket_is_told_of_in_order(desk: Desk) -> None:
    ticket, ben = desk.ticket(), desk.user("Ben")
    first, second = desk.notification(ticket), desk.notification(ticket)
    for_ben, elsewhere = desk.notification(ticket, user=ben), desk.notification()
    assert desk.claim() == [first, for_ben, elsewhere]
    assert desk.answer("failed", first, error="no") == {first: "pending"}
    assert desk.claim() == [], "the second waits for the retry of the first"
    desk.later("1 s")
    assert desk.claim() == [first]
    assert desk.answer("unreachable", first, error="down") == {first: "pending"}
    assert desk.claim() == [], "nor does it overtake one whose server is out of reach"
    desk.later("1 s")
    assert desk.claim() == [first]
    assert desk.answer("sent", first) == {first: "sent"}
    assert desk.claim() == [second]


def test_quiet_hours_hold_back_nobody_else(desk: Desk) -> None:
    ticket = desk.ticket()
    warning = desk.notification(ticket, template="warning", due="1 hour")
    breach = desk.notification(ticket)
    assert desk.claim() == [breach]
    desk.answer("sent", breach)
    desk.later("1 hour")
    assert desk.claim() == [warning]


def test_a_lease_ends(desk: Desk) -> None:
    number = desk.notification()
    assert desk.claim() == [number]
    desk.later("119 s")
    assert desk.claim() == []
    desk.later("1 s")
    assert desk.claim() == [number]


def test_what_was_lost_with_others_comes_back_one_by_one_and_uncounted(desk: Desk) -> None:
    numbers = [desk.notification() for _ in range(3)]
    assert desk.claim() == numbers
    fresh = desk.notification()
    desk.later("2 min")
    assert [desk.claim() for _ in numbers] == [[number] for number in numbers]
    assert {desk.row(number, "attempts, claimed_alone") for number in numbers} == {(1, True)}
    assert desk.claim() == [fresh]
    assert desk.answer("sent", *numbers) == dict.fromkeys(numbers, "sent")


def test_leases_of_those_claimed_alone_do_not_end_together(desk: Desk) -> None:
    numbers = [desk.notification() for _ in range(5)]
    desk.claim()
    desk.later("2 min")
    for _ in numbers:
        desk.claim()
    ends = {desk.row(number, "next_attempt_at")[0] for number in numbers}
    assert len(ends) == len(numbers)
    assert all(
        desk.row(n, "next_attempt_at - sla.now() between '2 min' and '3 min'") == (True,) for n in numbers
    )


def test_a_poison_message_dies_and_takes_nobody_along(desk: Desk) -> None:
    poison, innocent = desk.notification(), desk.notification()
    assert desk.claim() == [poison, innocent]
    tries = 0
    for _ in range(4):
        desk.later("3 min")
        while claimed := desk.claim():
            assert len(claimed) == 1
            if claimed == [innocent]:
                desk.answer("sent", innocent)
            else:
                tries += 1
    assert tries == 3
    assert desk.row(poison, "state, last_error, next_attempt_at") == ("dead", LOST, None)
    assert desk.row(innocent, "state, attempts") == ("sent", 1)


def test_a_dead_message_tells_what_went_before(desk: Desk) -> None:
    desk.channel("email", "email", max_attempts=2)
    number = desk.notification()
    desk.claim()
    desk.answer("failed", number, error="busy")
    for _ in range(3):
        desk.later("3 min")
        desk.claim()
    assert desk.row(number, "state, attempts, last_error") == ("dead", 2, f"busy; then {LOST}")


def test_claims_wait_for_nobody_and_share_nothing(db: Db, desk: Desk, other: Db) -> None:
    tickets = [desk.ticket() for _ in range(4)]
    first = [desk.notification(ticket) for ticket in tickets]
    second = [desk.notification(ticket) for ticket in tickets]
    with db.transaction():
        assert desk.claim(limit=2) == first[:2]
        assert claim(other) == first[2:]
    assert claim(other) == [], "those behind wait for an answer"
    desk.answer("sent", *first)
    assert claim(other) == second


def test_nobody_overtakes_a_claim_that_is_not_committed(db: Db, desk: Desk, other: Db) -> None:
    ticket = desk.ticket()
    numbers = [desk.notification(ticket), desk.notification(ticket)]
    with db.transaction():
        assert desk.claim() == numbers[:1]
        assert claim(other) == []


@pytest.mark.parametrize("gone", ["helpdesk.users", "helpdesk.tickets"])
def test_what_was_deleted_is_not_told(db: Db, desk: Desk, gone: str) -> None:
    desk.notification()
    db.execute(f"delete from {gone}")
    assert desk.claim() == []


def test_one_without_a_recipient_is_told_to_the_channel(db: Db, desk: Desk) -> None:
    desk.channel("pager", "webhook", "https://pager.example")
    number = desk.notification(channel="pager")
    db.execute("update sla.notifications set user_id = null")
    row = db.execute(
        "select notification_id, user_id, recipient_name from sla.claim_notifications('webhook')"
    ).fetchone()
    assert row == (number, None, None)
