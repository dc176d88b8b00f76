"""Single tickets, each committed durably, with and without slapg's triggers, by pgbench."""

import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.cluster import bare_database, connect, copy_database, private_cluster
from bench.desk import ALWAYS_OPEN_SQL, furnish
from bench.result import Result
from slapg.cluster import Cluster
from slapg.cluster.cluster import DATABASE
from slapg.cluster.installation import find_installation

CLIENTS = (2, 8, 16)
TARGET_CLIENTS = 2
TARGET = 0.60
BARE, ALWAYS = "bare", "always"
NAMES = {DATABASE: "Mon-Fri", ALWAYS: "24x7"}

SCRIPT = """\\set priority random(1, 4)
\\set client random(1, 50)
\\set agent random(1, 20)
insert into helpdesk.tickets (title, board_id, status_id, priority_id, client_id, assigned_to)
values ('Printer on fire', '{board}', '{status}', ('{{{priorities}}}'::uuid[])[:priority],
    ('{{{clients}}}'::uuid[])[:client], ('{{{agents}}}'::uuid[])[:agent]);
"""
KEYS_SQL = {
    "board": "select board_id::text from helpdesk.boards",
    "status": "select status_id::text from helpdesk.statuses where name = 'New'",
    "priorities": "select string_agg(priority_id::text, ',') from helpdesk.priorities where itil_level > 1",
    "clients": "select string_agg(client_id::text, ',') from helpdesk.clients",
    "agents": "select string_agg(user_id::text, ',') from helpdesk.users",
}
"""Level 1 counts around the clock even on a Mon-Fri desk, so it is left out."""


def run(quick: bool) -> Iterator[Result]:
    """Rates of slapg on a Mon-Fri and on a 24x7 desk over the rate of the bare table, runs interleaved."""
    rounds, seconds = (3, 2) if quick else (5, 4)
    with private_cluster({"max_connections": "50"}) as cluster, tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "insert.sql"
        script.write_text(_prepare(cluster))
        for clients in CLIENTS:
            rates: dict[str, list[float]] = {DATABASE: [], BARE: [], ALWAYS: []}
            for _ in range(rounds):
                for database, found in rates.items():
                    found.append(_rate(cluster, database, script, clients, seconds))
            yield from _compare(clients, {name: statistics.median(found) for name, found in rates.items()})


def _prepare(cluster: Cluster) -> str:
    """Three databases with the same desk; returns the script for pgbench."""
    with connect(cluster) as connection:
        furnish(connection)
        keys = {}
        for name, query in KEYS_SQL.items():
            row = connection.execute(query).fetchone()
            assert row is not None
            (keys[name],) = row
    bare_database(cluster, BARE)
    copy_database(cluster, ALWAYS)
    with connect(cluster, ALWAYS) as connection:
        connection.execute(ALWAYS_OPEN_SQL)
    return SCRIPT.format_map(keys)


def _rate(cluster: Cluster, database: str, script: Path, clients: int, seconds: int) -> float:
    """Transactions a second, connecting not counted."""
    pgbench = find_installation().programs / "pgbench"
    options = ["-n", "-M", "prepared", f"-c{clients}", "-j2", f"-T{seconds}", f"-f{script}"]
    command = [str(pgbench), *options, cluster.socket_url(database)]
    done = subprocess.run(command, capture_output=True, text=True)
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or rate is None:
        raise SystemExit(f"pgbench failed: {done.stderr.strip()}")
    return float(rate[1])


def _compare(clients: int, rates: dict[str, float]) -> Iterator[Result]:
    for database, name in NAMES.items():
        ratio = rates[database] / rates[BARE]
        aimed = clients == TARGET_CLIENTS
        yield Result(
            f"insert one ticket, {clients} clients, {name}",
            f"{rates[database]:,.0f} /s",
            f"bare table {rates[BARE]:,.0f} /s",
            f"{ratio:.0%}",
            f"≥ {TARGET:.0%}" if aimed else "",
            ratio >= TARGET if aimed else None,
        )
