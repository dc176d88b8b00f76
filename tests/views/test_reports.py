"""The reporting views: counts that add up, judged by due times, cut into days of the tenant's zone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.views.desk import Desk

HOUR = timedelta(hours=1)


def test_compliance_counts_add_up_per_dimension(desk: Desk) -> None:
    desk.at("Mon 09:00")
    kept, broken, overdue = desk.enter("1"), desk.enter("2"), desk.enter("3")
    desk.at("Mon 09:30")
    desk.reply(kept)
    desk.at("Mon 11:00")
    desk.reply(broken)
    assert overdue
    assert desk.rows(
        "select day, policy, priority, board, client, assignee, metric, tracked, met, breached, open, "
        "breached_open from sla.compliance order by metric desc"
    ) == [
        (date(2016, 3, 7), "Standard", "Normal", "Desk", "Acme", "Ann", "response", 3, 1, 2, 0, 1),
        (date(2016, 3, 7), "Standard", "Normal", "Desk", "Acme", "Ann", "resolution", 3, 0, 0, 3, 0),
    ]


def test_days_are_cut_in_the_tenants_zone(desk: Desk) -> None:
    desk.db.execute("update sla.settings set timezone = 'Asia/Tokyo'")
    desk.at("Mon 16:00")
    desk.enter()
    assert desk.rows("select distinct day from sla.compliance") == [(date(2016, 3, 8),)]


def test_the_summary_says_how_many_of_those_judged_were_met(desk: Desk) -> None:
    desk.at("Mon 09:00")
    kept, _, _ = desk.enter("1"), desk.enter("2"), desk.enter("3", status="Waiting")
    desk.at("Mon 09:30")
    desk.reply(kept)
    desk.at("Mon 12:00")
    assert desk.row(
        "select policy, priority, tracked, met, breached, open, compliance_percent "
        "from sla.compliance_summary where metric = 'response'"
    ) == ("Standard", "Normal", 3, 1, 1, 1, Decimal("50.0"))
    assert desk.row(
        "select open, compliance_percent from sla.compliance_summary where metric = 'resolution'"
    ) == (
        3,
        None,
    )


def test_cancelled_clocks_count_nowhere(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.db.execute("select sla.cancel(%s)", [ticket])
    desk.at("Tue 12:00")
    for view in (
        "compliance",
        "compliance_summary",
        "compliance_trend",
        "recent_breaches",
        "tickets_at_risk",
    ):
        assert desk.rows(f"select * from sla.{view}") == []
    assert desk.sla_status(ticket) == "none"


@pytest.mark.parametrize(
    ("view", "name", "expected"),
    [
        ("breaches_by_priority", "priority", "Normal"),
        ("breaches_by_technician", "technician", "Ann"),
        ("breaches_by_client", "client", "Acme"),
    ],
)
def test_breaches_are_counted_by(desk: Desk, view: str, name: str, expected: str) -> None:
    desk.at("Mon 09:00")
    late, kept = desk.enter("late"), desk.enter("kept")
    desk.at("Mon 09:30")
    desk.reply(kept)
    desk.at("Mon 11:00")
    desk.reply(late)
    desk.enter("open")
    desk.at("Mon 13:00")
    assert desk.row(
        f"select {name}, tracked, breached, breached_open, breach_percent, last_breached_at "
        f"from sla.{view} where metric = 'response'"
    ) == (expected, 3, 2, 1, Decimal("66.7"), datetime(2016, 3, 7, 12, tzinfo=UTC))


def test_average_times_are_business_time_beside_the_wall_clock(desk: Desk) -> None:
    desk.at("Mon 16:00")
    first, second = desk.enter("1"), desk.enter("2")
    desk.at("Tue 10:00")
    desk.reply(first)
    desk.at("Tue 12:00")
    desk.reply(second)
    assert desk.row(
        "select completed, average_elapsed, median_elapsed, average_wall_clock, average_percent "
        "from sla.average_times"
    ) == (2, 3 * HOUR, 2 * HOUR, 19 * HOUR, Decimal("300.0"))


def test_the_trend_goes_by_week_and_says_what_changed(desk: Desk) -> None:
    desk.at("Mon 09:00")
    first = desk.enter("1")
    desk.at("Mon 12:00")
    desk.reply(first)
    desk.at("next Mon 09:00")
    second = desk.enter("2")
    desk.reply(second)
    assert desk.rows(
        "select week, tracked, met, breached, compliance_percent, change from sla.compliance_trend "
        "where metric = 'response' order by week"
    ) == [
        (date(2016, 3, 7), 1, 0, 1, Decimal("0.0"), None),
        (date(2016, 3, 14), 1, 1, 0, Decimal("100.0"), Decimal("100.0")),
    ]


def test_recent_breaches_are_the_latest_first_and_leave_out_the_old(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter("1")
    desk.at("Mon 10:30")
    desk.enter("2")
    desk.at("Mon 12:00")
    query = "select ticket_number, breached_at, is_open, priority, assignee from sla.recent_breaches"
    assert desk.rows(query) == [
        ("2", datetime(2016, 3, 7, 11, 30, tzinfo=UTC), True, "Normal", "Ann"),
        ("1", datetime(2016, 3, 7, 10, 0, tzinfo=UTC), True, "Normal", "Ann"),
    ]
    desk.db.execute("set slapg.now = '2016-08-01 12:00+00'")
    assert desk.rows(query + " where metric = 'response'") == []


def test_a_breach_reads_the_same_before_and_after_the_sweep(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.at("Tue 12:00")
    views = ("compliance", "compliance_summary", "recent_breaches", "breaches_by_priority")

    def read() -> list[object]:
        return [desk.rows(f"select * from sla.{view}") for view in views]

    unsettled = read()
    desk.sweep()
    # The escalation of the ticket is an act of the sweep; the verdicts are not.
    desk.db.execute("update helpdesk.tickets set escalation_level = 0")
    assert read() == unsettled


def test_the_timeline_tells_the_ticket_in_order_and_in_words(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter()
    desk.at("Mon 10:30")
    desk.sweep()
    desk.move(ticket, "Waiting")
    desk.at("Mon 11:30")
    desk.move(ticket, "New")
    desk.reply(ticket)
    desk.at("Mon 12:00")
    desk.move(ticket, "Closed")
    told = desk.rows(
        "select at, words from sla.ticket_timeline where ticket_id = %s order by at, place", ticket
    )
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    words = "\n".join(words for _, words in told)
    for expected in (
        "50 % of the response time is used",
        "100 % of the response time is used",
        "paused: its status pauses it",
        "answered, too late",
        "resolved in time",
        "told: Ann (in app)",
    ):
        assert expected in words


def test_sweeps_are_listed(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter()
    desk.at("Mon 11:00")
    desk.sweep()
    [(recorded, failed)] = desk.rows("select recorded, failed from sla.sweep_history where recorded > 0")
    assert recorded > 1
    assert failed == 0
