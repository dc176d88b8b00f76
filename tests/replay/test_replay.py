"""Replaying logs into a real database."""

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from slapg.errors import SlapgError
from slapg.replay import Options, Selection, Summary, replay
from slapg.resources import sample_log
from tests.replay.logs import row, write

ITIL = Options(itil=True)


def play(db_url: str, file: Path, options: Options = ITIL) -> Summary:
    return replay(db_url, file, options, lambda _done, _total, _at: None)


def story(path: Path) -> Path:
    """One incident: answered after half an hour, paused over night, then more urgent, resolved and closed."""
    return write(
        path,
        row("INC1", "New", "7/3/2016 09:05"),
        row("INC1", "Active", "7/3/2016 09:30", assignee="Ann"),
        row("INC1", "Awaiting User Info", "7/3/2016 10:00", assignee="Ann"),
        row("INC1", "Active", "8/3/2016 10:00", assignee="Ann", priority="2 - High"),
        row("INC1", "Resolved", "8/3/2016 12:00", assignee="Ann", priority="2 - High"),
        row("INC1", "Closed", "13/3/2016 12:00", assignee="Ann", priority="2 - High"),
    )


def test_a_history_becomes_plain_writes_at_their_own_instants(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    summary = play(db_url, story(tmp_path / "log.csv"))
    assert (summary.incidents, summary.tracked, summary.skipped) == (1, 1, [])
    assert db.execute(
        "select ticket_number, title, client, board, priority, ticket_status, assignee, entered_at, "
        "closed_at from sla.ticket_status"
    ).fetchall() == [
        (
            "INC1",
            "Category 1",
            "Location 1",
            "Group 1",
            "High",
            "Closed",
            "Ann",
            datetime(2016, 3, 7, 9, tzinfo=UTC),
            datetime(2016, 3, 8, 12, tzinfo=UTC),
        )
    ]
    assert db.execute(
        "select metric, met, completed_at, elapsed::text "
        "from sla.status((select ticket_id from helpdesk.tickets))"
    ).fetchall() == [
        ("response", True, datetime(2016, 3, 7, 9, 30, tzinfo=UTC), "00:30:00"),
        ("resolution", True, datetime(2016, 3, 8, 12, tzinfo=UTC), "03:00:00"),
    ]
    assert db.execute("select paused_at, resumed_at from sla.pauses where reason = 'status'").fetchall() == [
        (datetime(2016, 3, 7, 10, tzinfo=UTC), datetime(2016, 3, 8, 10, tzinfo=UTC))
    ]


def test_sweeps_run_on_the_fifth_minute_and_only_when_something_is_due(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "log.csv",
        row("INC1", "New", "7/3/2016 09:01", opened_at="7/3/2016 09:01", priority="1 - Critical"),
        row("INC1", "Resolved", "7/3/2016 10:31", priority="1 - Critical"),
    )
    summary = play(db_url, file)
    recorded = db.execute(
        "select percent, crossed_at::time, recorded_at::time from sla.threshold_events "
        "where metric = 'resolution' and withdrawn_at is null order by percent"
    ).fetchall()
    assert [(percent, f"{crossed:%H:%M}", f"{at:%H:%M}") for percent, crossed, at in recorded] == [
        (50, "09:31", "09:35"),
        (70, "09:43", "09:45"),
        (75, "09:46", "09:50"),
        (90, "09:55", "09:55"),
        (100, "10:01", "10:05"),
        (110, "10:07", "10:10"),
    ]
    # Response: 15 minutes, crossed at 09:08:30, :11:30, :12:15, :14:30, :16:00, :17:30.
    assert summary.sweeps == 3 + 6


def test_nobody_is_mailed_about_the_past(db: psycopg.Connection[Any], db_url: str, tmp_path: Path) -> None:
    file = write(
        tmp_path / "log.csv",
        row("INC1", "New", "7/3/2016 09:00", priority="1 - Critical", assignee="Ann"),
        row("INC1", "Resolved", "7/3/2016 10:31", priority="1 - Critical"),
    )
    play(db_url, file)
    states = dict(
        db.execute(
            "select channel, array_agg(distinct state) from sla.notifications group by channel"
        ).fetchall()
    )
    assert states == {"in_app": ["sent"], "email": ["dropped"]}


def test_simulated_time_and_actor_stay_in_the_replay(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    play(db_url, story(tmp_path / "log.csv"))
    assert db.execute("select distinct actor from sla.audit_log").fetchall() == [("replay",)]
    found = db.execute("select sla.now() = now()").fetchone()
    assert found == (True,)


def test_an_incident_born_resolved_is_judged_at_once(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    play(db_url, write(tmp_path / "log.csv", row("INC1", "Resolved", "7/3/2016 09:30")))
    assert db.execute("select metric, state, met from sla.clocks order by metric desc").fetchall() == [
        ("response", "completed", True),
        ("resolution", "completed", True),
    ]


def test_a_second_replay_is_refused_in_a_line(db_url: str, tmp_path: Path) -> None:
    file = story(tmp_path / "log.csv")
    play(db_url, file)
    with pytest.raises(SlapgError, match="was replayed into this database already: 1 incidents"):
        play(db_url, file)


def test_tickets_of_somebody_else_with_the_same_numbers_are_not_touched(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    db.execute("insert into helpdesk.tickets (ticket_number) values ('INC1')")
    with pytest.raises(SlapgError, match="1 of the 1 incidents are in the database already"):
        play(db_url, story(tmp_path / "log.csv"))


def test_another_selection_of_the_same_log_is_refused(db_url: str, tmp_path: Path) -> None:
    file = write(
        tmp_path / "log.csv",
        row("INC1", "Resolved", "7/3/2016 09:30"),
        row("INC2", "Resolved", "7/3/2016 09:20", opened_at="7/3/2016 09:10"),
    )
    play(db_url, file, Options(Selection(limit=1), itil=True))
    with pytest.raises(SlapgError, match="another selection"):
        play(db_url, file, Options(Selection(opened_from=datetime(2016, 1, 1), limit=2)))


def test_incidents_are_chosen_by_when_they_were_opened(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "log.csv",
        *(
            row(f"INC{day}", "Resolved", f"{day}/3/2016 12:00", opened_at=f"{day}/3/2016 09:00")
            for day in range(7, 12)
        ),
    )
    selection = Selection(opened_from=datetime(2016, 3, 8), opened_until=datetime(2016, 3, 11), limit=2)
    play(db_url, file, Options(selection, itil=True))
    assert db.execute("select ticket_number from helpdesk.tickets order by 1").fetchall() == [
        ("INC8",),
        ("INC9",),
    ]


def test_what_the_database_refuses_is_named_and_the_rest_is_kept(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    db.execute("alter table helpdesk.tickets add check (ticket_number <> 'INC1')")
    file = write(
        tmp_path / "log.csv", row("INC1", "New", "7/3/2016 09:05"), row("INC2", "New", "7/3/2016 09:06")
    )
    summary = play(db_url, file)
    [(line, reason)] = summary.skipped
    assert line == 2
    assert "violates check constraint" in reason
    assert db.execute("select ticket_number from helpdesk.tickets").fetchall() == [("INC2",)]


def test_without_a_policy_the_tickets_are_written_and_not_tracked(
    db: psycopg.Connection[Any], db_url: str, tmp_path: Path
) -> None:
    summary = play(db_url, story(tmp_path / "log.csv"), Options())
    assert (summary.incidents, summary.tracked) == (1, 0)
    assert db.execute("select sla_status from sla.ticket_status").fetchall() == [("none",)]


def test_an_interrupted_replay_goes_on_and_ends_as_an_uninterrupted_one(
    db: psycopg.Connection[Any], db_url: str, connect: Any, tmp_path: Path
) -> None:
    incidents = 60
    command = [
        sys.executable,
        "-m",
        "slapg",
        "replay",
        str(sample_log()),
        "--itil",
        "--limit",
        str(incidents),
    ]
    command += ["--dsn", db_url, "--json"]
    holder = connect()
    with holder.transaction():
        holder.execute("lock table helpdesk.comments in exclusive mode")  # it waits at the first reply
        first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while not _tickets(db) and time.monotonic() < deadline:
            time.sleep(0.05)
        first.send_signal(signal.SIGINT)
        _, said = first.communicate(timeout=60)
    assert first.returncode == 1
    assert "stopped; what was replayed so far is whole" in said
    assert 0 < _tickets(db) < incidents
    second = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert second.returncode == 0, second.stderr
    summary = json.loads(second.stdout)
    assert summary["resumed_after"]
    assert _tickets(db) == incidents
    resumed = _rows(db)
    _forget(db)
    play(db_url, sample_log(), Options(Selection(limit=incidents), itil=True))
    assert _rows(db) == resumed


def _tickets(db: psycopg.Connection[Any]) -> int:
    found = db.execute("select count(*) from helpdesk.tickets").fetchone()
    assert found is not None
    return int(found[0])


def _rows(db: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    return db.execute(
        "select t.ticket_number, c.metric, c.state, c.due_at, c.completed_at, c.met, ("
        "   select array_agg((e.percent, e.crossed_at, e.recorded_at) order by e.percent)"
        "   from sla.threshold_events e where e.ticket_id = c.ticket_id and e.metric = c.metric"
        "       and e.withdrawn_at is null) "
        "from sla.clocks c join helpdesk.tickets t using (tenant_id, ticket_id) order by 1, 2, c.cycle"
    ).fetchall()


def _forget(db: psycopg.Connection[Any]) -> None:
    db.execute("delete from helpdesk.tickets")


def test_the_command_says_what_it_did_and_what_it_skipped(db_url: str, tmp_path: Path) -> None:
    file = write(
        tmp_path / "log.csv", row("INC1", "New", "7/3/2016 09:05"), row("INC2", "-100", "7/3/2016 09:06")
    )
    command = [sys.executable, "-m", "slapg", "replay", str(file), "--itil", "--dsn", db_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 incident replayed" in done.stdout
    assert "row 3: incident_state '-100' is unknown" in done.stdout
