"""The live part: a ticket of now, pg_cron's own job, a listener process, and the mail that it delivers."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import psycopg

from slapg.config import connect
from slapg.demo.mailbox import Mailbox
from slapg.errors import SlapgError

Connection = psycopg.Connection[Any]

SENDER = "Service desk <sla@example.com>"
STOP_SECONDS = 15
OTHER_MAILS_SECONDS = 1.5

_FIND_JOB = "select jobid, schedule from cron.job where database = %s and command = 'call sla.sweep()'"
_SET_SCHEDULE = "select cron.alter_job(%s, schedule => %s)"

_LAST_RUN = """
    select d.start_time, d.status from cron.job_run_details d
    where d.jobid = %s and d.start_time >= %s
    order by d.runid desc limit 1
"""

# Nobody has an address yet: the people of the log are of the past.
_ADDRESSES = """
    update helpdesk.users u set email = replace(lower(u.name), ' ', '.') || '@example.com'
    where u.tenant_id = helpdesk.current_tenant() and u.email is null
"""

# It came in so long ago that nine tenths of the time to answer it are just used up.
_TICKET = """
    insert into helpdesk.tickets
        (ticket_number, title, board_id, client_id, assigned_to, priority_id, status_id, entered_at)
    select 'DEMO-1', 'Nobody can log in', b.board_id, k.client_id, k.assigned_to, r.priority_id, s.status_id,
        now() - p.response_minutes * interval '54 seconds'
    from helpdesk.boards b
    join sla.policy_targets p on p.tenant_id = b.tenant_id and p.policy_id = b.sla_policy_id
    join helpdesk.priorities r
        on r.tenant_id = p.tenant_id and r.priority_id = p.priority_id and r.itil_level = 1
    join helpdesk.statuses s on s.tenant_id = b.tenant_id and s.name = 'New'
    left join lateral (
        select t.client_id, t.assigned_to from helpdesk.tickets t
        where t.tenant_id = b.tenant_id and t.board_id = b.board_id and t.assigned_to is not null
        order by t.entered_at desc limit 1
    ) k on true
    where b.tenant_id = helpdesk.current_tenant()
    order by (
        select count(*) from helpdesk.tickets t where t.tenant_id = b.tenant_id and t.board_id = b.board_id
    ) desc
    limit 1
    returning ticket_id, entered_at
"""

_ANSWER = """
    insert into helpdesk.comments (ticket_id, author_type, body)
    values (%s, 'internal', 'We are on it: the directory server is being restarted.')
"""

_CLOSE = """
    update helpdesk.tickets t set status_id = (
        select s.status_id from helpdesk.statuses s
        where s.tenant_id = t.tenant_id and s.name = 'Resolved' and s.board_id is null)
    where t.tenant_id = helpdesk.current_tenant() and t.ticket_id = %s
"""


@dataclass(frozen=True)
class LiveTicket:
    """The ticket that was entered a moment ago."""

    ticket_id: UUID
    entered_at: datetime


@dataclass(frozen=True)
class CronRun:
    """One run of pg_cron's job, as pg_cron recorded it."""

    started_at: datetime
    status: str


class CronJob:
    """The job `slapg-sweep` of the demo's database, where pg_cron keeps it."""

    def __init__(self, cron: Connection, database: str) -> None:
        self._cron = cron
        found = cron.execute(_FIND_JOB, [database]).fetchone()
        if found is None:
            raise SlapgError(
                "pg_cron has no sweep job for the demo", hint="slapg doctor tells what is missing"
            )
        self._job_id, self._schedule = found

    @contextmanager
    def every_minute(self) -> Iterator[None]:
        """Let it run each minute instead of each fifth, so that nobody waits for long."""
        self._cron.execute(_SET_SCHEDULE, [self._job_id, "* * * * *"])
        try:
            yield
        finally:
            self._cron.execute(_SET_SCHEDULE, [self._job_id, self._schedule])

    def run_since(self, at: datetime) -> CronRun | None:
        """Its newest run that began at or after the instant."""
        found = self._cron.execute(_LAST_RUN, [self._job_id, at]).fetchone()
        return CronRun(*found) if found else None


@contextmanager
def listener(dsn: str, mailbox: Mailbox) -> Iterator["subprocess.Popen[bytes]"]:
    """`slapg listen` as a process of its own, without its timer: the sweep is left to pg_cron."""
    command = [sys.executable, "-m", "slapg", "listen", "--no-timer", "--dsn", dsn]
    command += ["--smtp-url", mailbox.url + "/?starttls=never", "--mail-from", SENDER]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def enter_ticket(dsn: str) -> LiveTicket:
    """Enter a critical ticket that has waited for nine tenths of its time to be answered."""
    with connect(dsn) as connection:
        connection.execute(_ADDRESSES)
        found = connection.execute(_TICKET).fetchone()
        if found is None:
            raise SlapgError("no board has the ITIL policy: the replay did not set the desk up")
        return LiveTicket(*found)


def answer(dsn: str, ticket: LiveTicket) -> None:
    """Answer the ticket, then resolve it, so that nothing is left open."""
    with connect(dsn, autocommit=True) as connection:
        connection.execute(_ANSWER, [ticket.ticket_id])
        connection.execute(_CLOSE, [ticket.ticket_id])


def seconds_to_next_minute() -> float:
    """How long until pg_cron starts the jobs of the next minute."""
    return 60 - time.time() % 60


def collect(mailbox: Mailbox, first: EmailMessage) -> list[EmailMessage]:
    """The first mail and those that come right behind it."""
    mails = [first]
    while mail := mailbox.take(OTHER_MAILS_SECONDS):
        mails.append(mail)
    return mails
