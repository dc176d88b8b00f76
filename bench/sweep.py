"""The sweep over many open clocks: how long it takes to find nothing due, and to settle what is.

Settling is held against the same rows written by plain SQL; what lies between the two is what slapg decides.
"""

import statistics
import time
from collections.abc import Iterator

from bench.cluster import Connection, bare_database, connect, private_cluster
from bench.desk import furnish, statement
from bench.result import Result
from bench.settled import capture, mark_due, write_again

SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (10_000, 100_000)
CALLS = 200
NONE_DUE_TARGET_MS = 5.0
FLAT = 2.0
"""How much longer finding nothing may take with the most clocks than with the fewest and be called flat."""
DUE = 10_000
ROUNDS = 3
BARE = "bare"
DUE_TARGETS_SECONDS = {"one percent": 1.0, "five percents": 2.0}
DUE_MINUTES = {"one percent": 35, "five percents": 65}
"""Age of the tickets, whose target is an hour around the clock: past 50 %; past 50, 70, 75, 90 and 100 %."""

GROW_SQL = """
with pattern as (
    select c.* from sla.clocks c order by c.ticket_id limit 1
), added as (
    insert into helpdesk.tickets (board_id, priority_id, status_id, entered_at, due_date)
    select t.board_id, t.priority_id, t.status_id, t.entered_at, t.due_date
    from helpdesk.tickets t join pattern p using (tenant_id, ticket_id), generate_series(1, %(tickets)s)
    returning tenant_id, ticket_id
)
insert into sla.clocks (
    tenant_id, ticket_id, metric, state, policy_id, priority_id, calendar_id, target, percents, crossings,
    escalation_percents, started_at, due_at, next_percent, next_fire_at, changed_at)
select a.tenant_id, a.ticket_id, m.metric, p.state, p.policy_id, p.priority_id, p.calendar_id, p.target,
       p.percents, p.crossings, p.escalation_percents, p.started_at, p.due_at, p.next_percent,
       p.next_fire_at + random() * interval '30 days', p.changed_at
from added a, pattern p, (values ('response'), ('resolution')) as m (metric)
"""
"""Copies of one clock that slapg made, written with the triggers off: a million would take minutes."""

HOURLY_SQL = """
update sla.policy_targets
set response_minutes = null, resolution_minutes = 60, is_24x7 = true
where priority_id = (select priority_id from helpdesk.priorities where itil_level = 1)
"""
DUE_SQL = """
insert into helpdesk.tickets (board_id, priority_id, status_id, assigned_to, entered_at)
select b.board_id, p.priority_id, s.status_id, u.user_id, now() - %(minutes)s * interval '1 minute'
from generate_series(1, %(tickets)s),
     helpdesk.boards b,
     (select priority_id from helpdesk.priorities where itil_level = 1) p,
     (select status_id from helpdesk.statuses where name = 'New') s,
     (select user_id from helpdesk.users where name = 'Agent 9') u
"""
PUT_OFF_SQL = """
update sla.clocks set next_fire_at = next_fire_at + interval '30 days'
where next_fire_at < now() + interval '1 day'
"""
"""Or the clocks that wait for their next percent would be due in a later round."""
RUN_SQL = "select settled, recorded, failed from sla.sweep_runs order by run_id desc limit 1"
PERCENTS = {"one percent": 1, "five percents": 5}


def run(quick: bool) -> Iterator[Result]:
    """Milliseconds with nothing due, as the open clocks grow; then seconds with many due among the most."""
    with private_cluster({"shared_buffers": "512MB"}) as cluster:
        with connect(cluster) as connection:
            furnish(connection)
            connection.execute(statement("first_ticket.sql"))
            yield from _none_due(connection, QUICK_SIZES if quick else SIZES)
            connection.execute(HOURLY_SQL)
            taken = {name: _due(connection, name) for name in PERCENTS}
        bare_database(cluster, BARE)
        with connect(cluster, BARE) as bare:
            for name, seconds in taken.items():
                plain = statistics.median(write_again(bare, _schema(name)) for _ in range(ROUNDS))
                yield _compare(name, seconds, plain)


def _none_due(connection: Connection, sizes: tuple[int, ...]) -> Iterator[Result]:
    fewest = None
    for size in sizes:
        _grow(connection, size)
        taken = statistics.median(_timed(connection) for _ in range(CALLS)) * 1000
        fewest = fewest or taken
        flat = taken / fewest <= FLAT
        yield Result(
            f"sweep, {size:,} open clocks, none due",
            f"{taken:.2f} ms",
            "" if size == sizes[0] else f"{sizes[0]:,} clocks {fewest:.2f} ms",
            "" if size == sizes[0] else f"{taken / fewest:.2f}",
            f"≤ {NONE_DUE_TARGET_MS:g} ms" + ("" if size == sizes[0] else f", flat (≤ {FLAT:g})"),
            taken <= NONE_DUE_TARGET_MS and flat,
        )


def _grow(connection: Connection, clocks: int) -> None:
    row = connection.execute("select count(*) from sla.clocks").fetchone()
    assert row is not None
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        connection.execute(GROW_SQL, {"tickets": (clocks - row[0]) // 2})
    connection.execute("vacuum analyze")
    connection.execute("checkpoint")


def _schema(name: str) -> str:
    """Where the rows of the last round are kept."""
    return f"bench {name}"


def _due(connection: Connection, name: str) -> float:
    """Seconds that a sweep takes for clocks that each crossed so many percents."""
    seconds = []
    for number in range(1, ROUNDS + 1):
        connection.execute(DUE_SQL, {"tickets": DUE, "minutes": DUE_MINUTES[name]})
        if number == ROUNDS:
            mark_due(connection, _schema(name))
        connection.execute("checkpoint")
        seconds.append(_timed(connection))
        done = connection.execute(RUN_SQL).fetchone()
        if done != (DUE, DUE * PERCENTS[name], 0):
            raise SystemExit(f"the sweep settled, recorded and failed {done}, not what was due")
        connection.execute(PUT_OFF_SQL)
        connection.execute("vacuum analyze")
    capture(connection, _schema(name))
    return statistics.median(seconds)


def _compare(name: str, taken: float, plain: float) -> Result:
    target = DUE_TARGETS_SECONDS[name]
    return Result(
        f"sweep, {DUE:,} clocks due, {name} each: {DUE * PERCENTS[name]:,} events, told and audited",
        f"{taken:.2f} s",
        f"plain rows {plain:.2f} s",
        f"{plain / taken:.0%}",
        f"≤ {target:g} s",
        taken <= target,
    )


def _timed(connection: Connection) -> float:
    began = time.perf_counter()
    connection.execute("call sla.sweep()")
    return time.perf_counter() - began
