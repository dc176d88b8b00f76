"""The oracle itself, held to stories that a person can check by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.oracle import steps
from tests.oracle.business_time import Entry, Holiday
from tests.oracle.desk import Calendar, Desk, Policy, Settings, Status, Target
from tests.oracle.ticket import Ticket, replay

WEEKDAYS = (1, 2, 3, 4, 5)
HOLIDAY = Holiday(date(2024, 6, 6))


def office(opens: int, closes: int) -> Calendar:
    hours = timedelta(hours=opens), timedelta(hours=closes)
    return Calendar("UTC", tuple(Entry(day, *hours) for day in WEEKDAYS), (HOLIDAY,))


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """June 2024: the 5th is a Wednesday, the 6th a holiday of the office."""
    return datetime(2024, 6, day, hour, minute, tzinfo=UTC)


def desk(**settings: object) -> Desk:
    promise = Policy({"high": Target(60, 240), "low": Target(120, 480)}, frozenset({50}), "office")
    return Desk(
        policies={"standard": promise, "always": Policy({"high": Target(60, 120)})},
        statuses={"new": Status(), "waiting": Status(pauses=True), "closed": Status(is_closed=True)},
        schedules={"office": office(9, 17)},
        default_policy="standard",
        settings=Settings(**settings),  # type: ignore[arg-type]
    )


def tell(*events: tuple[datetime, steps.Statement], **settings: object) -> Ticket:
    """What a ticket comes to that entered as high and new on Wednesday the 5th at 15:00."""
    new = steps.NewTicket("t", at(5, 15), priority="high", status="new")
    history = [steps.Transaction(at(5, 15), (steps.Insert((new,)),))]
    history += [steps.Transaction(now, (statement,)) for now, statement in events]
    return replay(desk(**settings), history)["t"]


def set_to(**values: object) -> steps.Update:
    return steps.Update(("t",), tuple(values.items()))


def reply(created_at: datetime | None = None) -> steps.Comment:
    return steps.Comment((steps.NewComment("c", "t", created_at=created_at),))


SWEEP = steps.Sweep()


def percents(ticket: Ticket, metric: str = "resolution") -> dict[int, datetime]:
    return {row.percent: row.crossed_at for row in ticket.crossings if row.metric == metric}


def test_business_time_skips_nights_and_holidays() -> None:
    response, resolution = tell((at(9), SWEEP)).clocks
    assert response.due_at == at(5, 16)
    assert resolution.due_at == at(7, 11)  # two hours on Wednesday, none on the holiday, two on Friday
    assert (resolution.state, resolution.met, resolution.breached_at) == ("running", False, at(7, 11))


def test_percents_are_recorded_at_their_exact_instants() -> None:
    ticket = tell((at(7, 10), SWEEP))
    assert percents(ticket) == {50: at(5, 17), 70: at(7, 9, 48)}
    assert percents(ticket, "response") == {
        50: at(5, 15, 30),
        70: at(5, 15, 42),
        90: at(5, 15, 54),
        100: at(5, 16),
        110: at(5, 16, 6),
    }
    assert ticket.escalation_level == 3
    assert ticket.clocks[1].next_fire_at == at(7, 10, 36)


def test_resuming_gives_back_business_time_only() -> None:
    ticket = tell((at(5, 16), set_to(status="waiting")), (at(7, 10), set_to(status="new")), (at(9), SWEEP))
    assert ticket.clocks[1].due_at == at(7, 13)  # one hour used before the pause, three left after it
    assert ticket.due_date == at(7, 13)
    assert [(pause.paused_at, pause.resumed_at) for pause in ticket.pauses] == [(at(5, 16), at(7, 10))]


def test_a_paused_clock_stands_still() -> None:
    ticket = tell((at(5, 16), set_to(response_state="awaiting_client")), (at(9), SWEEP))
    assert {clock.state for clock in ticket.clocks} == {"paused"}
    assert ticket.clocks[1].due_at == at(7, 11)
    assert percents(ticket) == {}
    assert percents(ticket, "response")[100] == at(5, 16)  # a pause exactly at the crossing settles it first


def test_overlapping_reasons_pause_once() -> None:
    ticket = tell(
        (at(5, 16), set_to(status="waiting")),
        (at(5, 16, 10), steps.Call("pause", "t")),
        (at(5, 16, 20), set_to(status="new")),
        (at(5, 16, 30), steps.Call("resume", "t")),
    )
    assert ticket.clocks[1].due_at == at(7, 11, 30)


def test_a_reply_exactly_when_due_is_in_time() -> None:
    ticket = tell((at(5, 17), SWEEP), (at(5, 18), reply(at(5, 16))))
    assert (ticket.clocks[0].completed_at, ticket.clocks[0].met) == (at(5, 16), True)
    assert set(percents(ticket, "response")) == {50, 70, 90}  # what the sweep recorded later is withdrawn
    assert ticket.escalation_level == 3  # but the manager was told


@pytest.mark.parametrize(("completes", "state"), [(True, "completed"), (False, "paused")])
def test_closing_answers_too_unless_told_otherwise(completes: bool, state: str) -> None:
    ticket = tell((at(5, 15, 40), set_to(status="closed")), close_completes_response=completes)
    assert ticket.clocks[0].state == state
    assert (ticket.clocks[1].completed_at, ticket.clocks[1].met) == (at(5, 15, 40), True)


def test_a_supplied_closing_time_is_clamped_to_the_last_transition() -> None:
    ticket = tell(
        (at(5, 15, 30), set_to(status="waiting")),
        (at(7, 15), set_to(status="closed", closed_at=at(5, 15, 10))),
        (at(9), SWEEP),
    )
    assert ticket.clocks[1].completed_at == at(5, 15, 30)
    assert [pause.resumed_at for pause in ticket.pauses if pause.reason == "status"] == [at(5, 15, 30)]


def test_reopening_continues_restarts_or_ignores() -> None:
    def reopened(mode: str) -> Ticket:
        return tell(
            (at(5, 16), set_to(status="closed")),
            (at(7, 9), set_to(status="new")),
            (at(7, 20), SWEEP),
            reopen_mode=mode,
        )

    continued = reopened("continue")
    assert (continued.clocks[1].due_at, continued.clocks[1].met) == (at(7, 12), False)
    assert continued.clocks[0].met is True
    old, new = reopened("restart").clocks[1:]
    assert (old.state, old.met, new.cycle, new.started_at, new.due_at) == (
        "completed",
        True,
        2,
        at(7, 9),
        at(7, 13),
    )
    assert (reopened("ignore").clocks[1].state, reopened("ignore").clocks[1].met) == ("completed", True)


def test_new_terms_count_from_the_start_and_withdraw_what_they_undo() -> None:
    ticket = tell((at(7, 12), SWEEP), (at(7, 12), set_to(priority="low")), (at(7, 12), SWEEP))
    assert ticket.clocks[1].due_at == at(7, 15)
    assert percents(ticket) == {50: at(5, 17)}  # 50 % of eight hours is Friday 11:00, so the row still stands
    assert (ticket.clocks[1].breached_at, ticket.clocks[1].met) == (None, None)


def test_a_lost_target_cancels_and_a_regained_one_revives() -> None:
    lost = tell((at(5, 15, 10), set_to(priority="nothing")), (at(9), SWEEP))
    assert [clock.cancel_reason for clock in lost.clocks] == ["no_target", "no_target"]
    assert (lost.due_date, lost.crossings) == (None, ())
    regained = tell(
        (at(5, 15, 10), set_to(priority="nothing")),
        (at(5, 15, 20), reply()),
        (at(7, 9), set_to(priority="high")),
    )
    assert regained.clocks[0].completed_at == at(5, 15, 20)
    assert (regained.clocks[1].state, regained.clocks[1].due_at) == ("running", at(7, 11))
    assert percents(regained) == {50: at(5, 17)}


def test_an_early_transaction_never_goes_before_the_last_transition() -> None:
    ticket = tell((at(5, 16), set_to(status="waiting")), (at(5, 15, 30), set_to(status="new")))
    assert [(pause.paused_at, pause.resumed_at) for pause in ticket.pauses] == [(at(5, 16), at(5, 16))]
    assert ticket.clocks[1].due_at == at(7, 11)


def test_born_closed_gets_an_honest_verdict_and_says_nothing() -> None:
    new = steps.NewTicket("t", at(5, 9), priority="high", status="closed", closed_at=at(5, 14))
    sweep = steps.Transaction(at(9), (SWEEP,))
    ticket = replay(desk(), [steps.Transaction(at(7), (steps.Insert((new,)),)), sweep])["t"]
    assert [(clock.completed_at, clock.met, clock.breached_at) for clock in ticket.clocks] == [
        (at(5, 14), False, at(5, 10)),
        (at(5, 14), False, at(5, 13)),
    ]
    assert (ticket.crossings, ticket.escalation_level) == ((), 0)


def test_an_import_records_without_escalating() -> None:
    new = steps.NewTicket("t", at(3, 9), priority="high", status="new")
    sweep = steps.Transaction(at(9), (SWEEP,))
    ticket = replay(desk(), [steps.Transaction(at(5, 9), (steps.Insert((new,)),)), sweep])["t"]
    assert percents(ticket)[100] == at(3, 13)
    assert ticket.escalation_level == 0


def test_a_calendar_edit_recounts_open_clocks() -> None:
    ticket = tell((at(5, 16), steps.EditCalendar("office", office(9, 21))))
    assert ticket.clocks[1].due_at == at(5, 19)


def test_explicit_policy_and_back() -> None:
    ticket = tell((at(5, 15), set_to(policy="always")), (at(5, 16), set_to(policy=None)))
    assert ticket.clocks[1].policy == "standard"
    around_the_clock = tell((at(5, 15), set_to(policy="always"))).clocks[1]
    assert around_the_clock.due_at - around_the_clock.started_at == timedelta(hours=2)
