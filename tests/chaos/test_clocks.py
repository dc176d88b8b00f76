"""Clocks that jump, as a machine's does when it wakes up or somebody corrects it."""

import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.chaos.clock import Clock
from tests.chaos.conftest import BusyDesk, Start, wait_until
from tests.chaos.ledger import check, posted, sent
from tests.chaos.server import private_server, restart
from tests.chaos.webhook_sink import WebhookSink

HOUR = 3600

POLICY_SQL = """
with priority as (
    insert into helpdesk.priorities (name) values ('High') returning priority_id
), policy as (
    insert into sla.policies (name, is_default) values ('Gold', true) returning policy_id
), threshold as (
    insert into sla.notification_thresholds (policy_id, percent, channels)
    select policy_id, 100, '{hook}' from policy
)
insert into sla.policy_targets (policy_id, priority_id, resolution_minutes, is_24x7,
    escalation_1_percent, escalation_2_percent, escalation_3_percent)
select policy_id, priority_id, 60, true, null, null, null from policy, priority
"""
TICKET_SQL = """
insert into helpdesk.tickets (priority_id, entered_at)
select p.priority_id, now() + %s * interval '1 s' - interval '60 min' from helpdesk.priorities p
"""


@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["ahead", "back"])
def test_the_clock_of_a_listener(
    db, db_url: str, desk: BusyDesk, hook: WebhookSink, start: Start, tmp_path: Path, jump: int
) -> None:
    """It decides nothing by its own clock: the database says what is due, and no wait is by the clock."""
    clock = Clock(tmp_path / "clock")
    desk.webhook(hook.url)
    hook.before_answer = lambda post: time.sleep(0.01)
    listener = start(db_url, **clock.environment)
    hook.refuse(503)
    desk.notifications(tickets=100)
    wait_until(lambda: len(hook.posts) > 20, "some posts")
    clock.jump(jump)
    wait_until(desk.all_sent, "everything sent, the one tried again too")
    desk.notifications(tickets=10)
    wait_until(desk.all_sent, "what came after the jump")
    check(posted(hook.posts), sent(db, "hook"), doubles=0)
    clock.jump(0)
    assert listener.stop() == 0


def test_the_clock_of_the_server(hook: WebhookSink, start: Start) -> None:
    """An hour ahead, what is due within it fires; an hour back, nothing fires twice and all goes on."""
    with private_server() as cluster:
        clock = Clock(cluster.home.parent / "clock")
        restart(cluster, clock.environment)
        with psycopg.connect(cluster.socket_url(), autocommit=True) as db:
            desk = BusyDesk(db)
            desk.webhook(hook.url)
            db.execute(POLICY_SQL)
            listener = start(cluster.socket_url(), SLAPG_TIMER="true")
            db.execute(TICKET_SQL, [HOUR / 2])
            time.sleep(0.5)
            assert hook.posts == []
            clock.jump(HOUR)
            wait_until(lambda: len(hook.posts) == 1, "the breach that lay half an hour ahead")
            db.execute(TICKET_SQL, [0.5])
            wait_until(lambda: len(hook.posts) == 2, "one that came after the jump")
            wait_until(desk.all_sent, "recorded")
            clock.jump(0)
            db.execute(TICKET_SQL, [0.5])
            wait_until(lambda: len(hook.posts) == 3, "one that came after the jump back")
            wait_until(desk.all_sent, "recorded too")
            check(posted(hook.posts), sent(db, "hook"), doubles=0)
            assert events(db) == [(1,), (1,), (1,)], "each breach is on record once"
            assert listener.stop() == 0


def events(db: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """Threshold rows of each ticket."""
    return db.execute("select count(*) from sla.threshold_events group by ticket_id").fetchall()
