"""How late thresholds fire with the timer: a real `slapg listen` over many open clocks.

Lateness runs from the instant of the crossing to the commit that records it, when everybody can see it; so it
holds the wait, the sweep, and the flush to disk. And to the instant at which a mail server has accepted the
message about it, which adds the hint, the claim, the words and the conversation.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.cluster import Connection, connect, private_cluster
from bench.result import Result
from bench.sinks import Report, Sink

OPEN_CLOCKS = 100_000
CROSSINGS = 3_000
SPREAD_SECONDS = 60
HEAD_START_SECONDS = 8
"""For the insert and the start of the listener, before the first crossing."""
TARGET_P99_SECONDS = 0.5
SENDER = "SLA desk <sla@desk.example>"

POLICY_SQL = """
with priority as (
    insert into helpdesk.priorities (name) values ('bench') returning priority_id
), policy as (
    insert into sla.policies (name, is_default) values ('bench', true) returning policy_id
), threshold as (
    insert into sla.notification_thresholds (policy_id, percent, channels)
    select policy_id, 50, '{email}' from policy
), people as (
    insert into helpdesk.users (name, email)
    select 'Agent ' || n, 'agent' || n || '@desk.example' from generate_series(1, 50) n
)
insert into sla.policy_targets (policy_id, priority_id, resolution_minutes, is_24x7,
    escalation_1_percent, escalation_2_percent, escalation_3_percent)
select policy_id, priority_id, 1200, true, null, null, null from policy, priority
"""

TICKETS_SQL = """
insert into helpdesk.tickets (priority_id, assigned_to, entered_at)
select p.priority_id, u.ids[1 + n %% cardinality(u.ids)],
       now() - interval '600 minutes' + interval '1 s' * (%(start)s + %(spread)s * random())
from helpdesk.priorities p, generate_series(1, %(tickets)s) n,
     (select array_agg(user_id) as ids from helpdesk.users) u
"""
"""Their threshold, 50 % of 1,200 minutes, lies `start` to `start + spread` seconds ahead."""

CROSSED_SQL = """
select n.notification_id, extract(epoch from e.crossed_at)::float8
from sla.notifications n join sla.threshold_events e using (tenant_id, event_id)
"""
LATENESS_SQL = """
select count(*), percentile_cont(array[0.5, 0.99, 1]) within group (
    order by extract(epoch from pg_xact_commit_timestamp(e.xmin) - e.crossed_at))
from sla.threshold_events e
"""


@dataclass(frozen=True)
class Lateness:
    """Seconds from crossings to what followed."""

    crossings: int
    p50: float
    p99: float
    worst: float


def run(quick: bool) -> Iterator[Result]:
    """One measurement; a quick one is the same, since it is the many clocks that matter."""
    del quick
    with (
        private_cluster({"track_commit_timestamp": "on"}) as cluster,
        connect(cluster) as connection,
        Sink("smtp") as sink,
    ):
        _cross(connection, cluster.socket_url(), sink.url)
        recorded = _recorded(connection)
        accepted = _accepted(connection, sink.report())
    yield _result("until it is on record", recorded)
    yield _result("until the mail server has accepted the message", accepted)


def _result(until: str, late: Lateness) -> Result:
    return Result(
        f"timer, {OPEN_CLOCKS:,} open clocks, {late.crossings:,} crossings in {SPREAD_SECONDS} s, {until}",
        f"p99 {late.p99:.3f} s",
        f"p50 {late.p50:.3f} s, worst {late.worst:.3f} s",
        "",
        f"p99 ≤ {TARGET_P99_SECONDS:g} s",
        late.p99 <= TARGET_P99_SECONDS,
    )


def _cross(connection: Connection, dsn: str, mail_url: str) -> None:
    """Let the crossings come while a listener runs."""
    connection.execute(POLICY_SQL)
    # Each message by itself, so that each crossing has its acceptance.
    connection.execute("update sla.settings set digest_after = null")
    far = {"tickets": OPEN_CLOCKS - CROSSINGS, "start": 1800, "spread": 30_000}
    connection.execute(TICKETS_SQL, far)
    connection.execute("vacuum analyze")
    began = time.monotonic()
    near = {"tickets": CROSSINGS, "start": HEAD_START_SECONDS, "spread": SPREAD_SECONDS}
    connection.execute(TICKETS_SQL, near)
    if time.monotonic() - began > HEAD_START_SECONDS - 3:
        raise SystemExit("the insert took longer than the head start: give it more (HEAD_START_SECONDS)")
    _listen(dsn, mail_url, until=began + HEAD_START_SECONDS + SPREAD_SECONDS + 2)


def _recorded(connection: Connection) -> Lateness:
    row = connection.execute(LATENESS_SQL).fetchone()
    assert row is not None
    crossings, quantiles = row
    _check_count(crossings, "recorded")
    return Lateness(crossings, *quantiles)


def _accepted(connection: Connection, report: Report) -> Lateness:
    crossed_at = dict(connection.execute(CROSSED_SQL).fetchall())
    # In reverse, so that the first acceptance of each counts.
    first = dict(reversed(report.taken))
    _check_count(len(first), "told of")
    late = [at - crossed_at[number] for number, at in first.items()]
    hundredths = statistics.quantiles(late, n=100, method="inclusive")
    return Lateness(len(late), hundredths[49], hundredths[98], max(late))


def _check_count(crossings: int, what: str) -> None:
    if crossings != CROSSINGS:
        raise SystemExit(f"{crossings} of {CROSSINGS} crossings were {what}")


def _listen(dsn: str, mail_url: str, until: float) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-c", "from slapg.cli.app import main; main()", "listen", "--timer"],
        env={**os.environ, "SLAPG_DSN": dsn, "SLAPG_SMTP_URL": mail_url, "SLAPG_MAIL_FROM": SENDER},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # a line for each message
    )
    try:
        while time.monotonic() < until:
            time.sleep(0.5)
            if listener.poll() is not None:
                raise SystemExit(f"the listener ended with {listener.returncode}")
    finally:
        listener.send_signal(signal.SIGTERM)
        listener.wait()
