"""Five thousand thresholds through real sweeps, while listeners and backends are killed at random."""

import random
import time
from collections import Counter
from typing import Any

import psycopg
import pytest

from tests.chaos.conftest import SECONDS, BusyDesk, Start, wait_until
from tests.chaos.ledger import check, posted, sent
from tests.chaos.mail_sink import QuickSmtpSink
from tests.chaos.test_database_lost import TERMINATE_SQL
from tests.chaos.webhook_sink import WebhookSink
from tests.listener.conftest import Listener

TICKETS = 1250
METRICS = 2
PERCENTS = (99, 100)
THRESHOLDS = TICKETS * METRICS * len(PERCENTS)
PEOPLE = 50
WINDOW = 8
IN_FLIGHT = 2 * WINDOW
"""Of one listener and channel: claimed and not recorded, what is being sent and what waits to be recorded."""
STORM_SECONDS = 10
LISTENERS = 2

POLICY_SQL = """
with priority as (
    insert into helpdesk.priorities (name) values ('High') returning priority_id
), policy as (
    insert into sla.policies (name, is_default) values ('Gold', true) returning policy_id
), threshold as (
    insert into sla.notification_thresholds (policy_id, percent, channels)
    select policy_id, percent, case percent when 100 then '{email,hook}' else '{hook}'::text[] end
    from policy, unnest(%s::numeric[]) percent
), people as (
    insert into helpdesk.users (name, email)
    select 'Agent ' || n, 'agent' || n || '@desk.example' from generate_series(1, %s) n
)
insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes, is_24x7,
    escalation_1_percent, escalation_2_percent, escalation_3_percent)
select policy_id, priority_id, 5, 5, true, null, null, null from policy, priority
"""
TICKETS_SQL = """
insert into helpdesk.tickets (priority_id, assigned_to, entered_at)
select p.priority_id, u.ids[1 + n %% cardinality(u.ids)],
       now() - interval '295 s' + interval '4 s' * n / %(tickets)s
from helpdesk.priorities p, generate_series(1, %(tickets)s) n,
     (select array_agg(user_id) as ids from helpdesk.users where name like 'Agent %%') u
"""
"""99 % of five minutes lies two to six seconds ahead, 100 % three seconds after that."""

THRESHOLDS_SQL = """
select count(*), count(distinct (e.ticket_id, e.metric, e.cycle, e.percent)),
       bool_and(e.crossed_at = t.entered_at + interval '5 min' * e.percent / 100)
from sla.threshold_events e join helpdesk.tickets t using (tenant_id, ticket_id)
"""
UNTOLD_SQL = """
select count(*) from sla.threshold_events e
where not e.superseded and (
    select array_agg(n.channel order by n.channel) from sla.notifications n
    where n.tenant_id = e.tenant_id and n.event_id = e.event_id)
  is distinct from case e.percent when 100 then '{email,hook}' else '{hook}'::text[] end
"""


class Storm:
    """Keeps listeners running, and kills them and their backends."""

    def __init__(self, db_url: str, start: Start, mail_url: str) -> None:
        self._db_url = db_url
        self._start = start
        self._mail_url = mail_url
        self._listeners: list[Listener] = []
        self._random = random.Random(5000)
        self.kills: Counter[str] = Counter()

    def __enter__(self) -> "Storm":
        self.begin_again()
        return self

    def __exit__(self, *_: object) -> None:
        for listener in self._listeners:
            assert listener.stop() == 0

    def blow(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(self._random.uniform(0.5, 1.2))
            if self._random.random() < 0.5:
                self._kill_listener()
            else:
                self._kill_backends()

    def kill_all(self) -> None:
        for listener in self._listeners:
            listener.process.kill()
            listener.process.wait(SECONDS)
        self.kills["listener"] += LISTENERS

    def begin_again(self) -> None:
        self._listeners = [self._listener() for _ in range(LISTENERS)]

    def _kill_listener(self) -> None:
        place = self._random.randrange(LISTENERS)
        self._listeners[place].process.kill()
        self._listeners[place].process.wait(SECONDS)
        self._listeners[place] = self._listener()
        self.kills["listener"] += 1

    def _kill_backends(self) -> None:
        with psycopg.connect(self._db_url, autocommit=True) as admin:
            row = admin.execute(TERMINATE_SQL).fetchone()
        assert row is not None
        self.kills["backend"] += row[0] > 0

    def _listener(self) -> Listener:
        return self._start(
            self._db_url,
            "--window",
            str(WINDOW),
            mail_url=self._mail_url,
            ready="",
            SLAPG_TIMER="true",
        )


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_told_out_of_order(
    db: psycopg.Connection[Any],
    db_url: str,
    desk: BusyDesk,
    hook: WebhookSink,
    start: Start,
) -> None:
    desk.webhook(hook.url)
    desk.separate_mails()
    db.execute(POLICY_SQL, [list(PERCENTS), PEOPLE])
    db.execute(TICKETS_SQL, {"tickets": TICKETS})
    with QuickSmtpSink() as mail, Storm(db_url, start, mail.url) as storm:
        storm.blow(STORM_SECONDS)
        storm.kill_all()
        desk.end_leases()  # they last two minutes
        storm.begin_again()
        wait_until(lambda: thresholds(db)[0] >= THRESHOLDS, "every threshold recorded")
        wait_until(desk.all_sent, "everything sent")
    assert min(storm.kills["listener"], storm.kills["backend"]) >= 2
    assert thresholds(db) == (THRESHOLDS, THRESHOLDS, True), "no row lost or doubled"
    assert db.execute(UNTOLD_SQL).fetchone() == (0,)
    doubles = storm.kills.total() * LISTENERS * IN_FLIGHT
    check(posted(hook.posts), sent(db, "hook"), doubles)
    check(mail.taken, sent(db, "email"), doubles)


def thresholds(db: psycopg.Connection[Any]) -> tuple[Any, ...] | None:
    """Rows, different crossings among them, and whether each has its exact instant."""
    return db.execute(THRESHOLDS_SQL).fetchone()
