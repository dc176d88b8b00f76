"""The demo as a newcomer sees it: real processes, a real cluster, a real mail."""

import re
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from slapg.cluster import Cluster
from slapg.config import connect
from slapg.demo import figures
from slapg.demo.stage import find_log, fresh_database
from slapg.errors import SlapgError
from slapg.replay import Options, Selection, replay
from slapg.resources import sample_log
from tests.demo.text import as_text


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_demo_ends_with_a_real_mail_about_a_live_ticket(stage: Cluster) -> None:
    command = [sys.executable, "-m", "slapg", "demo", "--dir", str(stage.home), "--incidents", "60"]
    command += ["--log", str(sample_log())]
    done = subprocess.run(command, capture_output=True, text=True, timeout=220, check=False)
    assert done.returncode == 0, done.stderr
    for expected in (
        "60 incidents of a real service desk",
        "Were promises kept?",
        "What fired when",
        "The story of ticket INC",
        "CC BY 4.0",
        "pg_cron ran at",
        "Subject: Ticket DEMO-1",
        "answered in time",
        "slapg status DEMO-1",
    ):
        assert expected in done.stdout, expected
    lines = done.stdout.splitlines()
    commands = [line for line in lines if line.startswith("  SLAPG_DB_DIR=")]
    assert any(line.endswith("'select * from sla.health'") for line in commands), "whole, to be copied"
    assert max(len(line) for line in lines if line not in commands) <= 80
    _is_in_order_afterwards(stage)


def _is_in_order_afterwards(stage: Cluster) -> None:
    with connect(stage.socket_url(), autocommit=True) as database:
        assert database.execute("select * from sla.health where state = 'fail'").fetchall() == []
        mailed = database.execute(
            "select count(*) from sla.notifications n join helpdesk.tickets t using (tenant_id, ticket_id) "
            "where t.ticket_number = 'DEMO-1' and n.channel = 'email' and n.state = 'sent'"
        ).fetchone()
        assert mailed is not None
        assert mailed[0] >= 1
    with connect(stage.socket_url("postgres"), autocommit=True) as cron:
        schedules = cron.execute(
            "select schedule from cron.job where command = 'call sla.sweep()'"
        ).fetchall()
        assert schedules == [("*/5 * * * *",)]


@pytest.mark.slow
def test_each_run_begins_anew_and_somebodys_tickets_are_left_alone(stage: Cluster) -> None:
    for _ in range(2):
        with connect(fresh_database(stage), autocommit=True) as database:
            assert database.execute("select count(*) from helpdesk.tickets").fetchone() == (0,)
            database.execute("insert into helpdesk.tickets (title) values ('mine')")
    with connect(stage.socket_url(), autocommit=True) as database:
        database.execute("comment on database slapg is null")  # as a database that the demo did not make
    with pytest.raises(SlapgError, match="holds tickets of your own") as caught:
        fresh_database(stage)
    assert "--dir" in (caught.value.hint or "")
    with connect(stage.socket_url(), autocommit=True) as database:
        assert database.execute("select title from helpdesk.tickets").fetchall() == [("mine",)]


def test_the_figures_are_those_of_the_database(db: psycopg.Connection[Any], db_url: str) -> None:
    options = Options(Selection(limit=40), itil=True)
    summary = replay(db_url, sample_log(), options, lambda _done, _total, _at: None)
    db.execute("select set_config('slapg.now', %s, false)", [str(summary.last_at)])
    tickets = [
        int(found[1])
        for line in as_text(figures.compliance(db)).splitlines()
        if (found := re.match(r"(?:Critical|High|Medium|Low|Planning) +(\d+)", line))
    ]
    assert sum(tickets) == summary.tracked == 40
    crossed = [
        int(found[1]) + int(found[2])
        for line in as_text(figures.fired(db)).splitlines()
        if (found := re.match(r"\d+ %(?: \(late\))? +(\d+) +(\d+)", line))
    ]
    assert sum(crossed) == summary.thresholds
    for table in (
        figures.averages(db),
        figures.breaches(db, "client", "Clients"),
        figures.breaches(db, "technician", "People"),
    ):
        assert len(as_text(table).splitlines()) > 3
    number = figures.story_of(db)
    assert number is not None
    story = as_text(figures.story(db, number))
    assert "entered; promised: response in " in story
    assert "escalated to level 1: Team lead" in story


def test_a_log_is_always_at_hand() -> None:
    assert find_log().is_file()
    assert sample_log().is_file()
