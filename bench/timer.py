"""How late thresholds fire with the timer: a real `slapg listen` over many open clocks.

Lateness runs from the instant of the crossing to the commit that records it, when everybody can see it; so it
holds the wait, the sweep, and the flush to disk.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.cluster import Connection, connect, private_cluster
from bench.result import Result

OPEN_CLOCKS = 100_000
CROSSINGS = 3_000
SPREAD_SECONDS = 60
HEAD_START_SECONDS = 8
"""For the insert and the start of the listener, before the first crossing."""
TARGET_P99_SECONDS = 0.5

POLICY_SQL = """
with priority as (
    insert into helpdesk.priorities (name) values ('bench') returning priority_id
), policy as (
    insert into sla.policies (name, is_default) values ('bench', true) returning policy_id
), threshold as (
    insert into sla.notification_thresholds (policy_id, percent) select policy_id, 50 from policy
)
insert into sla.policy_targets (policy_id, priority_id, resolution_minutes, is_24x7,
    escalation_1_percent, escalation_2_percent, escalation_3_percent)
select policy_id, priority_id, 1200, true, null, null, null from policy, priority
"""

TICKETS_SQL = """
insert into helpdesk.tickets (priority_id, entered_at)
select p.priority_id, now() - interval '600 minutes' + interval '1 s' * (%(start)s + %(spread)s * random())
from helpdesk.priorities p, generate_series(1, %(tickets)s)
"""
"""Their threshold, 50 % of 1,200 minutes, lies `start` to `start + spread` seconds ahead."""

LATENESS_SQL = """
select count(*), percentile_cont(array[0.5, 0.99, 1]) within group (
    order by extract(epoch from pg_xact_commit_timestamp(e.xmin) - e.crossed_at))
from sla.threshold_events e
"""


@dataclass(frozen=True)
class Lateness:
    """Seconds from crossings to their commits."""

    crossings: int
    p50: float
    p99: float
    worst: float


def run(quick: bool) -> Iterator[Result]:
    """One measurement; a quick one is the same, since it is the many clocks that matter."""
    del quick
    with private_cluster({"track_commit_timestamp": "on"}) as cluster, connect(cluster) as connection:
        late = _measure(connection, cluster.socket_url())
    yield Result(
        f"timer, {OPEN_CLOCKS:,} open clocks, {late.crossings:,} crossings in {SPREAD_SECONDS} s",
        f"p99 {late.p99:.3f} s",
        f"p50 {late.p50:.3f} s, worst {late.worst:.3f} s",
        "",
        f"p99 ≤ {TARGET_P99_SECONDS:g} s",
        late.p99 <= TARGET_P99_SECONDS,
    )


def _measure(connection: Connection, dsn: str) -> Lateness:
    connection.execute(POLICY_SQL)
    far = {"tickets": OPEN_CLOCKS - CROSSINGS, "start": 1800, "spread": 30_000}
    connection.execute(TICKETS_SQL, far)
    connection.execute("vacuum analyze")
    began = time.monotonic()
    near = {"tickets": CROSSINGS, "start": HEAD_START_SECONDS, "spread": SPREAD_SECONDS}
    connection.execute(TICKETS_SQL, near)
    if time.monotonic() - began > HEAD_START_SECONDS - 3:
        raise SystemExit("the insert took longer than the head start: give it more (HEAD_START_SECONDS)")
    _listen(dsn, until=began + HEAD_START_SECONDS + SPREAD_SECONDS + 2)
    row = connection.execute(LATENESS_SQL).fetchone()
    assert row is not None
    crossings, quantiles = row
    if crossings != CROSSINGS:
        raise SystemExit(f"{crossings} of {CROSSINGS} crossings were recorded")
    return Lateness(crossings, *quantiles)


def _listen(dsn: str, until: float) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-c", "from slapg.cli.app import main; main()", "listen", "--timer"],
        env={**os.environ, "SLAPG_DSN": dsn, "SLAPG_SMTP_URL": ""},
        stdin=subprocess.DEVNULL,
    )
    try:
        while time.monotonic() < until:
            time.sleep(0.5)
            if listener.poll() is not None:
                raise SystemExit(f"the listener ended with {listener.returncode}")
    finally:
        listener.send_signal(signal.SIGTERM)
        listener.wait()
