"""What is recorded when a percent is crossed (semantics §3, Settling and Withdrawing)."""

from uuid import UUID

from tests.engine.desk import Desk, when


def entered(desk: Desk, **fields: str) -> UUID:
    desk.at("Mon 09:00")
    return desk.enter(**fields)


def test_the_percents_are_thresholds_escalations_and_100(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    assert desk.resolution(ticket).percents == [50, 70, 75, 90, 100, 110]
    desk.db.execute("delete from sla.notification_thresholds")
    assert desk.resolution(desk.enter()).percents == [100]


def test_nothing_is_recorded_before_its_time(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 09:29:59.999999")
    assert desk.events(ticket) == []
    desk.sweep("Mon 09:30")
    assert desk.crossed(ticket, "response") == [(50, when("Mon 09:30"))]


def test_a_crossing_is_recorded_at_its_exact_instant_however_late(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 16:17")
    assert desk.crossed(ticket, "response") == [
        (50, when("Mon 09:30")),
        (75, when("Mon 09:45")),
        (100, when("Mon 10:00")),
    ]
    assert {event.recorded_at for event in desk.events(ticket)} == {when("Mon 16:17")}


def test_the_rows_do_not_depend_on_when_sweeps_ran(desk: Desk) -> None:
    often, once = entered(desk, priority="Urgent"), desk.enter(priority="Urgent")
    desk.db.execute("update sla.clocks set next_fire_at = 'infinity' where ticket_id = %s", [once])
    due = "update sla.clocks set next_fire_at = crossings[1] where ticket_id = %s"
    for moment in ("Mon 09:17", "Mon 09:28", "Mon 10:00", "Mon 11:48", "Mon 13:30"):
        desk.sweep(moment)
    desk.db.execute(due, [once])
    desk.sweep()
    for metric in ("response", "resolution"):
        assert desk.crossed(often, metric) == desk.crossed(once, metric)
        assert len(desk.crossed(once, metric)) == 6


def test_each_percent_once(desk: Desk) -> None:
    ticket = entered(desk)
    for moment in ("Mon 09:30", "Mon 09:31", "Mon 09:46"):
        desk.sweep(moment)
        desk.sweep()
    assert [percent for percent, _ in desk.crossed(ticket, "response")] == [50, 75]


def test_warnings_below_100_and_breaches_from_there(desk: Desk) -> None:
    ticket = entered(desk, priority="Urgent")
    desk.sweep("Tue 09:00")
    kinds = {event.percent: event.kind for event in desk.events(ticket)}
    assert kinds == dict.fromkeys((50, 70, 75, 90), "warning") | dict.fromkeys((100, 110), "breach")
    audited = {
        kind: {entry["percent"] for entry in desk.audit(ticket, kind)}
        for kind in ("threshold_warning", "sla_breach")
    }
    assert audited == {"threshold_warning": {50, 70, 75, 90}, "sla_breach": {100, 110}}


def test_a_transition_settles_what_no_sweep_saw(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:50")
    desk.change(ticket, status="Waiting")
    assert desk.crossed(ticket, "response") == [(50, when("Mon 09:30")), (75, when("Mon 09:45"))]


def test_crossings_move_with_the_pauses(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:20")
    desk.change(ticket, status="Waiting")
    desk.at("Mon 11:20")
    desk.change(ticket, status="Working")
    desk.sweep("Mon 17:00")
    assert desk.crossed(ticket, "response") == [
        (50, when("Mon 11:30")),
        (75, when("Mon 11:45")),
        (100, when("Mon 12:00")),
    ]


def test_a_completed_clock_records_nothing_later(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 09:40")
    desk.change(ticket, status="Closed")
    desk.sweep("Fri 12:00")
    assert [(event.metric, event.percent) for event in desk.events(ticket)] == [("response", 50)]


def test_a_breach_marks_the_clock(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 10:30")
    response = desk.response(ticket)
    assert (response.met, response.breached_at, response.next_fire_at) == (False, when("Mon 10:00"), None)


def test_the_status_shown_knows_a_breach_before_the_sweep(desk: Desk) -> None:
    ticket = entered(desk)
    desk.at("Mon 10:30")
    assert desk.response(ticket).met is None
    assert (
        desk.value("select sla_status from sla.ticket_status where ticket_id = %s", ticket)
        == "response_breached"
    )


def test_what_is_withdrawn_stays_for_the_record(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 11:00")
    desk.reply(ticket, "Mon 09:35")
    withdrawn = [(e.percent, e.withdrawn_at) for e in desk.events(ticket) if e.withdrawn_at is not None]
    assert withdrawn == [(75, when("Mon 11:00")), (100, when("Mon 11:00"))]


def test_mail_about_what_is_withdrawn_is_dropped_unless_it_is_gone(desk: Desk) -> None:
    ticket = entered(desk)
    desk.sweep("Mon 11:00")
    desk.reply(ticket, "Mon 09:35")
    states = {
        (row.channel, row.state)
        for row in desk.rows(
            "select * from sla.notifications where ticket_id = %s and template = 'breach'", ticket
        )
    }
    assert states == {("email", "dropped"), ("in_app", "sent")}
