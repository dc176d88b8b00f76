"""`slapg status`: the explanation adds up to the deadline."""

import json
import subprocess
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from slapg.status import explain, render
from slapg.status.summary import LONGEST, summarise
from slapg.status.words import duration
from tests.views.desk import Desk


def page(desk: Desk, ticket: str) -> str:
    console = Console(width=80, no_color=True)
    with console.capture() as capture:
        console.print(render(explain(desk.db, ticket)))
    return capture.get()


def slapg(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "slapg", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_intervals_of_a_ledger_add_up_to_the_target_at_the_due_time(desk: Desk) -> None:
    desk.at("Fri 15:00")
    ticket = desk.enter("1")
    desk.at("Fri 16:00")
    desk.move(ticket, "Waiting")
    desk.at("next Mon 11:00")
    desk.move(ticket, "New")
    desk.at("next Mon 12:00")
    _, resolution = explain(desk.db, "1").clocks
    spans = [(line.kind, line.duration, line.total) for line in resolution.ledger]
    hour = timedelta(hours=1)
    assert spans == [
        ("counted", hour, hour),
        ("paused", 3 * hour, hour),
        ("counted", hour, 2 * hour),
        ("ahead", 5 * hour, 7 * hour),
        ("ahead", hour, 8 * hour),
    ]
    assert resolution.ledger[-1].ends_at == resolution.due_at
    assert resolution.ledger[-1].total == resolution.target


def test_what_was_counted_past_the_due_time_is_told_apart(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter("1")
    desk.at("Mon 10:30")
    desk.reply(ticket)
    response, _ = explain(desk.db, "1").clocks
    assert [(line.kind, line.duration) for line in response.ledger] == [
        ("counted", timedelta(hours=1)),
        ("late", timedelta(minutes=30)),
    ]


def test_the_page_names_policy_reason_calendar_and_percents(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter("1")
    desk.at("Mon 09:45")
    desk.sweep()
    desk.move(ticket, "Waiting")
    text = page(desk, "1")
    for expected in (
        "SLA: paused",
        "Standard, because it is the default",
        "1h 00m of business time for priority Normal",
        "Office hours, version",
        "Mon 07 Mar 2016 09:00 - 09:45",
        "50 %  Mon 07 Mar 2016 09:30",
        "Ann (in app)",
        "after it resumes",
    ):
        assert expected in text, expected
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80


@pytest.mark.parametrize(
    ("assignment", "reason"),
    [
        ("update helpdesk.boards set sla_policy_id = %s", "the board has it"),
        ("update helpdesk.clients set sla_policy_id = %s", "the client has it"),
    ],
)
def test_the_page_says_why_the_policy_applies(desk: Desk, assignment: str, reason: str) -> None:
    [policy] = desk.row("select policy_id from sla.policies")
    desk.db.execute(assignment.encode(), [policy])
    desk.at("Mon 09:00")
    desk.enter("1")
    assert reason in page(desk, "1")


def test_an_untracked_ticket_says_why(desk: Desk) -> None:
    desk.at("Mon 09:00")
    desk.enter("1", priority="Unpromised")
    assert "Not tracked: its policy promises nothing for this priority." in page(desk, "1")


def test_long_spans_are_summarised_and_still_add_up(desk: Desk) -> None:
    desk.db.execute("update sla.policy_targets set resolution_minutes = 3000 * 60")
    desk.at("Mon 09:00")
    desk.enter("1")
    desk.at("Wed 12:00")
    clock = explain(desk.db, "1").clocks[-1]
    assert len(clock.ledger) > 300
    entries = summarise(clock.ledger, ZoneInfo(clock.timezone))
    assert len(entries) <= LONGEST
    assert sum((entry.counted or timedelta() for entry in entries), timedelta()) == clock.target
    assert entries[-1].total == clock.target


def test_the_command_prints_text_and_json_and_names_an_unknown_ticket(desk: Desk) -> None:
    desk.at("Mon 09:00")
    ticket = desk.enter("T-1")
    dsn = desk.db.info.dsn
    by_id = slapg("status", str(ticket), "--dsn", dsn)
    assert by_id.returncode == 0, by_id.stderr
    assert "Ticket T-1" in by_id.stdout
    as_json = json.loads(slapg("status", "T-1", "--json", "--dsn", dsn).stdout)
    assert [clock["metric"] for clock in as_json["clocks"]] == ["response", "resolution"]
    assert as_json["clocks"][0]["target_seconds"] == 3600
    unknown = slapg("status", "T-2", "--dsn", dsn)
    assert unknown.returncode == 1
    assert unknown.stdout == ""
    assert unknown.stderr.splitlines()[0] == "error: there is no ticket T-2"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (timedelta(), "0m"),
        (timedelta(minutes=45), "45m"),
        (timedelta(hours=4, minutes=5), "4h 05m"),
        (timedelta(days=7), "168h 00m"),
        (timedelta(seconds=12), "12s"),
        (timedelta(hours=1, seconds=5), "1h 00m 05s"),
        (-timedelta(minutes=12), "-12m"),
        (-timedelta(milliseconds=1), "0m"),
    ],
)
def test_durations_read_like_people_say_them(amount: timedelta, words: str) -> None:
    assert duration(amount) == words


def test_a_database_without_slapg_is_told_apart(empty_db_url: str) -> None:
    done = slapg("status", "1", "--dsn", empty_db_url)
    assert done.returncode == 1
    assert done.stderr.splitlines()[1] == "hint: is slapg installed in this database? run: slapg migrate"
