"""`slapg simulate`: names and words in, a table or JSON out."""

import json
import subprocess
import sys

import pytest

from slapg.errors import SlapgError
from slapg.simulation import opening, target
from tests.engine.desk import Desk

RANGE = ("--from", "2026-02-01", "--until", "2026-03-01")


def slapg(db_url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "slapg", "simulate", "--dsn", db_url, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"COLUMNS": "100", "PATH": "/usr/bin:/bin"},
    )


@pytest.fixture
def answered_late(desk: Desk) -> Desk:
    """Ticket A1: entered Friday 16:00, waiting for an hour, answered on Monday at 10:30: 1.5 h of 1 h."""
    desk.at("Fri 15:00")
    ticket = desk.enter(ticket_number="A1", status="Waiting")
    desk.at("Fri 16:00")
    desk.change(ticket, status="New")
    desk.at("next Mon 09:30")
    desk.reply(ticket)
    desk.change(ticket, status="Closed")
    return desk


def test_a_table(answered_late: Desk, db_url: str) -> None:
    answer = slapg(db_url, *RANGE, "--target", "response=2h", "--tickets")
    assert answer.returncode == 0, answer.stderr
    lines = [line.split() for line in answer.stdout.splitlines()]
    assert lines[1:3] == [
        ["Normal", "response", "0", "1", "0", "0.0", "%", "1", "0", "0", "100.0", "%"],
        ["Normal", "resolution", "1", "0", "0", "100.0", "%", "1", "0", "0", "100.0", "%"],
    ]
    assert lines[4][:5] == ["A1", "response", "Normal", "missed", "met"]


@pytest.mark.parametrize(
    ("arguments", "percent"),
    [
        ((), "0.00"),
        (("--target", "Normal:response=90m"), "100.00"),
        (("--target", "Normal:response=89m"), "0.00"),
        (("--policy", "Silver"), "100.00"),
        (("--target", "response=90m", "--pause-in", "none"), "0.00"),
        (("--target", "response=90m", "--open", "Sat 09:00-09:01"), "0.00"),
        (("--of", "Gold"), "0.00"),
    ],
)
def test_the_words_mean_what_they_say(
    answered_late: Desk, db_url: str, arguments: tuple[str, ...], percent: str
) -> None:
    answer = slapg(db_url, *RANGE, "--json", *arguments)
    [found] = [row for row in json.loads(answer.stdout)["compliance"] if row["metric"] == "response"]
    assert (found["recorded_percent"], found["simulated_percent"]) == ("0.00", percent)


def test_no_tickets(answered_late: Desk, db_url: str) -> None:
    answer = slapg(db_url, "--from", "2020-01-01", "--until", "2020-02-01")
    assert (answer.returncode, answer.stdout) == (0, "no tickets were entered then\n")


def test_an_unknown_name_is_wrong_use(answered_late: Desk, db_url: str) -> None:
    answer = slapg(db_url, *RANGE, "--policy", "Platinum")
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[0] == 'error: there is no policy "Platinum"'


def test_targets_and_openings_are_read() -> None:
    assert target("Very: high:response=1h30m") == {"Very: high": {"response_minutes": 90}}
    assert target("resolution=45") == {"*": {"resolution_minutes": 45}}
    assert target("Low:response=none") == {"Low": {"response_minutes": None}}
    assert opening("Saturday 9:00-24:00") == {"day_of_week": 6, "start_time": "9:00", "end_time": "24:00"}


@pytest.mark.parametrize("text", ["response", "reply=2h", "response=2d", "response=0", "response="])
def test_a_misread_target_is_wrong_use(text: str) -> None:
    with pytest.raises(SlapgError) as caught:
        target(text)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("text", ["Sat", "Xyz 09:00-10:00", "Sat 09-10"])
def test_a_misread_opening_is_wrong_use(text: str) -> None:
    with pytest.raises(SlapgError):
        opening(text)
