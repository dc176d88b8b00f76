"""One deadline in business time, warm and in bulk, however long the target."""

import statistics
import time
from collections.abc import Iterator

from bench.cluster import Connection, connect, private_cluster
from bench.desk import furnish, statement
from bench.result import Result

ROWS = 100_000
TARGETS = {"1 h": 1, "8 h": 8, "160 h": 160, "1 year (2,080 h)": 2080}
TARGET_US = 5.0
FLAT = 1.5
"""How much longer the longest target may take than the shortest and still be called flat."""
LOOP_BUDGET = 400_000
"""Hours of business time that the day loop walks through at most: it is slow, and linear in them."""

STARTS_SQL = """
create schema bench;
create table bench.starts as
select timestamptz '2025-01-01 00:00+00' + random() * interval '365 days' as start
from generate_series(1, %s);
vacuum analyze bench.starts
"""
SLAPG = "select max(sla.add_business_time(%(schedule)s, start, %(amount)s)) from bench.starts limit %(rows)s"
ADDITION = "select max(start + %(amount)s::interval) from bench.starts"
LOOP = """
select max(bench.add_business_time(start, %(amount)s))
from (select start from bench.starts limit %(rows)s) as s
"""
DIFFERENT = """
select count(*) from (select start from bench.starts limit %(rows)s) as s
where sla.add_business_time(%(schedule)s, start, %(amount)s) <> bench.add_business_time(start, %(amount)s)
"""


def run(quick: bool) -> Iterator[Result]:
    """Microseconds a row, beside a plain addition and beside a day loop."""
    with private_cluster() as cluster, connect(cluster) as connection:
        furnish(connection)
        for part in (STARTS_SQL % ROWS).split(";"):
            connection.execute(part)
        connection.execute(statement("day_loop.sql"))
        yield from _measure(connection, rounds=3 if quick else 7)


def _measure(connection: Connection, rounds: int) -> Iterator[Result]:
    row = connection.execute("select schedule_id from sla.schedules").fetchone()
    assert row is not None
    taken: list[float] = []
    for name, hours in TARGETS.items():
        few = min(ROWS, LOOP_BUDGET // hours)
        values = {"schedule": row[0], "amount": f"{hours} hours", "rows": ROWS}
        _agree(connection, values | {"rows": min(few, 1000)})
        _timed(connection, SLAPG, values)  # compiles the years that the targets reach into
        slapg, addition = [], []
        for _ in range(rounds):
            slapg.append(_timed(connection, SLAPG, values) / ROWS)
            addition.append(_timed(connection, ADDITION, values) / ROWS)
        loop = _timed(connection, LOOP, values | {"rows": few}) / few
        taken.append(statistics.median(slapg))
        yield Result(
            f"deadline {name}",
            f"{taken[-1]:.2f} µs",
            f"day loop {loop:.1f} µs; plain + {statistics.median(addition):.2f} µs",
            f"{loop / taken[-1]:.0f} x faster than the loop",
            f"≤ {TARGET_US:g} µs",
            taken[-1] <= TARGET_US,
        )
    yield Result(
        "deadline, longest / shortest",
        f"{taken[-1]:.2f} µs",
        f"{taken[0]:.2f} µs",
        f"{taken[-1] / taken[0]:.2f}",
        f"flat (≤ {FLAT:g})",
        taken[-1] / taken[0] <= FLAT,
    )


def _agree(connection: Connection, values: dict[str, object]) -> None:
    """A peer that gives other answers is no peer."""
    row = connection.execute(DIFFERENT, values).fetchone()
    if row != (0,):
        raise SystemExit(f"slapg and the day loop differ on {row} deadlines of {values['amount']}")


def _timed(connection: Connection, query: str, values: dict[str, object]) -> float:
    began = time.perf_counter()
    connection.execute(query, values).fetchone()
    return (time.perf_counter() - began) * 1e6
