"""What-if over many past tickets, and verifying them: seconds, and what that makes for a hundred thousand."""

import time
from collections.abc import Iterator

from bench.cluster import Connection, connect, private_cluster
from bench.desk import furnish, statement
from bench.result import Result

TARGET_SECONDS = 60.0
"""For a hundred thousand tickets."""
LIVE_SQL = (
    "insert into helpdesk.comments (ticket_id, author_type, created_at)"
    " select ticket_id, 'internal', entered_at + interval '40 minutes' from helpdesk.tickets"
    " where substr(ticket_number, 2)::int % 4 <> 0",
    "update helpdesk.tickets set status_id = (select status_id from helpdesk.statuses where name = 'Waiting')"
    " where substr(ticket_number, 2)::int % 3 = 0",
    "update helpdesk.tickets set status_id = (select status_id from helpdesk.statuses where name = 'New')"
    " where substr(ticket_number, 2)::int % 3 = 0",
    "update helpdesk.tickets set status_id = (select status_id from helpdesk.statuses where name = 'Closed'),"
    " closed_at = now() where substr(ticket_number, 2)::int % 2 = 0",
    "vacuum analyze",
)
"""Most are answered, a third waited for the client, half are closed: eight audit entries a ticket or so."""
SIMULATE_SQL = """
select sum(simulated_met + simulated_missed + simulated_open) from sla.simulate(
    now() - interval '30 days', now() + interval '1 day',
    '{"*": {"response_minutes": 120}}',
    p_extra_hours => '[{"day_of_week": 6, "start_time": "09:00", "end_time": "13:00"}]')
"""
VERIFY_SQL = "select count(*) from sla.verify_tickets()"
COLUMNS = (
    "ticket_id, ticket_number, title, client_id, board_id, priority_id, status_id, assigned_to, entered_at"
)


def run(quick: bool) -> Iterator[Result]:
    """Two hours to answer, and open on Saturdays: over a fortnight of tickets; then all of them verified."""
    tickets = 5_000 if quick else 20_000
    with private_cluster({"shared_buffers": "512MB"}) as cluster, connect(cluster) as connection:
        furnish(connection)
        for part in statement("arrivals.sql").split(";"):
            connection.execute(part.strip() or "select", [tickets] if "%s" in part else None)
        connection.execute(f"insert into helpdesk.tickets ({COLUMNS}) select {COLUMNS} from bench.arrivals")
        for command in LIVE_SQL:
            connection.execute(command)
        yield _measure(connection, f"{tickets:,} tickets simulated", tickets, SIMULATE_SQL, 2 * tickets)
        yield _measure(connection, f"{tickets:,} tickets verified", tickets, VERIFY_SQL, 0)


def _measure(connection: Connection, what: str, tickets: int, query: str, expected: int) -> Result:
    began = time.perf_counter()
    found = connection.execute(query.encode()).fetchone()
    seconds = time.perf_counter() - began
    if found != (expected,):
        raise SystemExit(f"{what}: {found}, not {expected}")
    hundred_thousand = seconds / tickets * 100_000
    return Result(
        what,
        f"{seconds:.1f} s",
        "",
        f"100,000 in {hundred_thousand:.0f} s",
        f"≤ {TARGET_SECONDS:g} s",
        hundred_thousand <= TARGET_SECONDS,
    )
