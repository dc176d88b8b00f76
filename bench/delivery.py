"""How fast a listener empties the outbox: into a sink of its own process, into a webhook, into a mail server.

The baseline of the first is a loop of plain SQL that claims and marks the same rows, a batch at a time, with
one UPDATE each and no rule at all: what the writes cost.
"""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from threading import Event

from bench.cluster import Connection, connect, private_cluster
from bench.result import Result
from bench.sinks import Sink
from slapg.listener import Relay, drain_once
from slapg.notifier.notification import Notification
from slapg.notifier.render import Renderer

PENDING = 10_000
MANY = 50_000
PEOPLE = 200
EACH = 2
"""Notifications of a ticket: the second is held back until the first is sent."""
BATCH = 256
MAIL_CONNECTIONS = 4

TARGET_SINK = 2000
TARGET_WEBHOOK = 500
FLAT_MB = 20
"""What may come on top between the first drain and one of five times the size: caches that fill."""

DESK_SQL = """
insert into helpdesk.users (name, email)
select 'Agent ' || n, 'agent' || n || '@desk.example' from generate_series(1, %s) n
"""
TICKETS_SQL = """
insert into helpdesk.tickets (title, entered_at)
select 'Printer on fire ' || n, now() - n * interval '1 ms' from generate_series(1, %s) n
"""
NOTIFICATIONS_SQL = """
insert into sla.notifications (ticket_id, user_id, channel, template, payload, created_at, next_attempt_at)
select t.ticket_id, case when %(channel)s = 'email' then u.ids[1 + t.n %% cardinality(u.ids)] end,
       %(channel)s, w.template,
       jsonb_build_object('ticket_number', t.ticket_number, 'title', t.title, 'metric', 'resolution',
                          'percent', w.percent, 'target_minutes', 480, 'timezone', 'Europe/Amsterdam',
                          'crossed_at', now(), 'started_at', now() - interval '6 hours',
                          'due_at', now() + interval '2 hours', 'priority', 'High', 'client', 'Acme',
                          'board', 'Support', 'policy', 'Gold'),
       now(), now()
from (values (1, 'warning', 75), (2, 'breach', 100)) w (place, template, percent),
     (select ticket_id, ticket_number, title, row_number() over () as n from helpdesk.tickets
      limit %(tickets)s) t,
     (select array_agg(user_id) as ids from helpdesk.users) u
order by w.place, t.n
"""
LEFT_SQL = "select count(*) from sla.notifications where state <> 'sent'"
PLAIN_CLAIM_SQL = """
update sla.notifications n set attempts = attempts + 1, next_attempt_at = now() + interval '2 minutes'
from (select tenant_id, notification_id from sla.notifications
      where state = 'pending' and next_attempt_at <= now()
      order by next_attempt_at limit %s for update skip locked) d
where n.tenant_id = d.tenant_id and n.notification_id = d.notification_id
returning n.tenant_id, n.notification_id, n.payload
"""
PLAIN_MARK_SQL = """
update sla.notifications n set state = 'sent', sent_at = now(), next_attempt_at = null
from unnest(%s::uuid[], %s::bigint[]) d (tenant_id, notification_id)
where n.tenant_id = d.tenant_id and n.notification_id = d.notification_id
"""


@dataclass(frozen=True)
class Drained:
    """One emptying of the outbox by a process of its own."""

    seconds: float
    resident_mb: float
    """Memory of the process afterwards."""


def run(quick: bool) -> Iterator[Result]:
    """Quick: the memory is looked at after twice the size, not five times."""
    many = 2 * PENDING if quick else MANY
    with private_cluster() as cluster, connect(cluster) as connection:
        _furnish(connection, many)
        dsn = cluster.socket_url()
        with _Worker(dsn) as worker:
            _fill(connection, PENDING)
            first = worker.drain()
            _check_empty(connection)
            _fill(connection, PENDING)
            plain = _plain(connection)
            yield _into_sink(first, plain)
            _fill(connection, many)
            after = worker.drain()
            _check_empty(connection)
            yield _memory(first, after, many)
        yield _webhook(connection, dsn)
        yield _mail(connection, dsn)


def _into_sink(drained: Drained, plain: float) -> Result:
    rate = PENDING / drained.seconds
    return Result(
        f"delivery, {PENDING:,} pending into a sink in the process: claim, render, mark",
        f"{rate:,.0f}/s",
        f"plain SQL, no rules, no rendering {PENDING / plain:,.0f}/s",
        f"{plain / drained.seconds:.0%}",
        f"≥ {TARGET_SINK:,}/s",
        rate >= TARGET_SINK,
    )


def _memory(first: Drained, after: Drained, many: int) -> Result:
    more = after.resident_mb - first.resident_mb
    return Result(
        f"delivery, memory of a listener after {many:,} more ({many / after.seconds:,.0f}/s)",
        f"{after.resident_mb:.0f} MB",
        f"after {PENDING:,}: {first.resident_mb:.0f} MB",
        f"{more:+.1f} MB",
        f"≤ {FLAT_MB:+d} MB",
        more <= FLAT_MB,
    )


def _webhook(connection: Connection, dsn: str) -> Result:
    with Sink("http") as sink:
        connection.execute(
            "insert into sla.channels (channel, kind, url) values ('hook', 'webhook', %s)", [sink.url]
        )
        _fill(connection, PENDING, "hook")
        rate, connections = _listen_once(connection, dsn, sink, {})
    return Result(
        f"delivery, {PENDING:,} pending into a local webhook, by slapg listen",
        f"{rate:,.0f}/s",
        f"over {connections} connections",
        "",
        f"≥ {TARGET_WEBHOOK}/s",
        rate >= TARGET_WEBHOOK,
    )


def _mail(connection: Connection, dsn: str) -> Result:
    with Sink("smtp") as sink:
        _fill(connection, PENDING)
        mail = {"SLAPG_SMTP_URL": sink.url, "SLAPG_MAIL_FROM": "SLA desk <sla@desk.example>"}
        rate, connections = _listen_once(connection, dsn, sink, mail)
    return Result(
        f"delivery, {PENDING:,} pending into a local mail server, by slapg listen",
        f"{rate:,.0f}/s",
        f"over {connections} connections",
        "",
        f"≤ {MAIL_CONNECTIONS} connections",
        connections <= MAIL_CONNECTIONS,
    )


def _furnish(connection: Connection, pending: int) -> None:
    connection.execute("update sla.settings set digest_after = null")
    connection.execute(DESK_SQL, [PEOPLE])
    connection.execute(TICKETS_SQL, [pending // EACH])
    connection.execute("vacuum analyze")


def _fill(connection: Connection, pending: int, channel: str = "email") -> None:
    connection.execute("truncate sla.notifications")
    connection.execute(NOTIFICATIONS_SQL, {"channel": channel, "tickets": pending // EACH})
    connection.execute("vacuum analyze sla.notifications")


def _check_empty(connection: Connection) -> None:
    row = connection.execute(LEFT_SQL).fetchone()
    if row != (0,):
        raise SystemExit(f"{row} notifications were not sent")


def _plain(connection: Connection) -> float:
    """Seconds."""
    began = time.perf_counter()
    while rows := connection.execute(PLAIN_CLAIM_SQL, [BATCH]).fetchall():
        connection.execute(PLAIN_MARK_SQL, [[row[0] for row in rows], [row[1] for row in rows]])
    return time.perf_counter() - began


def _listen_once(
    connection: Connection, dsn: str, sink: Sink, environment: dict[str, str]
) -> tuple[float, int]:
    """Acceptances a second between the first and the last, and connections used."""
    subprocess.run(
        [sys.executable, "-c", "from slapg.cli.app import main; main()", "listen", "--once", "--no-timer"],
        env={**os.environ, "SLAPG_DSN": dsn, **environment},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # a line for each message
        check=True,
    )
    _check_empty(connection)
    report = sink.report()
    if len(report.taken) != PENDING:
        raise SystemExit(f"{len(report.taken)} of {PENDING} arrived")
    instants = [at for _, at in report.taken]
    return PENDING / (max(instants) - min(instants)), report.connections


class _InProcess:
    """Takes mail: renders it, as the channel would, and forgets it."""

    kind = "email"
    concurrency = 1

    def __init__(self) -> None:
        self._renderer = Renderer()

    def send(self, notification: Notification) -> str | None:
        return self._renderer.render(notification).problem

    def close(self) -> None:
        """Nothing is kept."""


class _Worker:
    """A process that empties the outbox into itself, whenever told to."""

    def __init__(self, dsn: str) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_work, args=(dsn, theirs), daemon=True)

    def __enter__(self) -> "_Worker":
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def drain(self) -> Drained:
        self._pipe.send(None)
        drained = self._pipe.recv()
        assert isinstance(drained, Drained)
        return drained


def _work(dsn: str, pipe: Pipe) -> None:
    while True:
        pipe.recv()
        relay = Relay([_InProcess()], window=BATCH)
        began = time.perf_counter()
        drain_once(dsn, relay, None, Event())
        pipe.send(Drained(time.perf_counter() - began, _resident_mb()))


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
