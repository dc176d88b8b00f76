"""The demo: a real incident log replayed, what a manager sees in it, and one live ticket."""

import os
import shlex
import shutil
import sys
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from slapg.cli.options import error_console
from slapg.cli.replay import progress_bar
from slapg.cluster import Cluster
from slapg.cluster.cluster import DATABASE
from slapg.config import connect
from slapg.demo import figures, live
from slapg.demo.mailbox import Mailbox, open_mailbox
from slapg.demo.stage import TIMEZONE, find_log, fresh_database
from slapg.errors import SlapgError
from slapg.replay import Options, Selection, Summary, replay

CRON_PATIENCE = 75
"""Seconds: pg_cron starts the jobs of a minute at its beginning."""

_CREDIT = (
    'Data: "Incident management process enriched event log" (Amaral, Fantinato, Peres), UCI Machine Learning '
    "Repository, CC BY 4.0."
)


def run(console: Console, cluster: Cluster, log: Path | None, incidents: int) -> None:
    """Play the demo on `console`; `incidents` is how many of the log to replay at most.

    Raises `SlapgError` when something that it shows does not happen.
    """
    log = log or find_log()
    with error_console.status("a fresh database, with slapg in it"):
        dsn = fresh_database(cluster)
    summary = _replay(dsn, log, incidents)
    number = _show_figures(console, dsn, log, summary)
    _show_live(console, cluster, dsn)
    _show_ways_on(console, cluster, number)


def _replay(dsn: str, log: Path, incidents: int) -> Summary:
    with progress_bar() as bar:
        task = bar.add_task("reading", total=None, day="")

        def report(done: int, total: int, at: datetime) -> None:
            bar.update(task, completed=done, total=total, description="replaying", day=f"{at:%d %b %Y}")

        return replay(dsn, log, Options(Selection(limit=incidents), itil=True), report)


def _show_figures(console: Console, dsn: str, log: Path, summary: Summary) -> str | None:
    assert summary.last_at is not None
    _heading(console, "A service desk's past, replayed")
    console.print(
        f"{summary.incidents:,} incidents of a real service desk, written to plain ticket tables at their "
        f"own times. The database kept {summary.thresholds:,} thresholds and {summary.notifications:,} "
        "notifications about them. Promised is the ITIL policy: Critical around the clock, everything else "
        f"from Monday to Friday, 08:00 to 18:00 {TIMEZONE}, holidays closed.\n"
    )
    with connect(dsn, autocommit=True) as connection:
        # The reports look at the desk as it was when the log ended.
        connection.execute("select set_config('slapg.now', %s, false)", [summary.last_at.isoformat()])
        for table in (
            figures.compliance(connection),
            figures.averages(connection),
            figures.breaches(connection, "client", "Which clients waited too long most often?"),
            figures.breaches(connection, "technician", "Who was assigned when it was late?"),
            figures.fired(connection),
        ):
            console.print(table)
        number = figures.story_of(connection)
        if number:
            console.print(figures.story(connection, number))
    console.print(Text(_CREDIT, style="dim"))
    return number


def _show_live(console: Console, cluster: Cluster, dsn: str) -> None:
    _heading(console, "And now, live")
    with (
        connect(cluster.socket_url("postgres"), autocommit=True) as cron,
        open_mailbox() as mailbox,
        live.listener(dsn, mailbox),
    ):
        job = live.CronJob(cron, DATABASE)
        with job.every_minute():
            entered_at = datetime.now(UTC)
            ticket = live.enter_ticket(dsn)
            console.print(
                "Ticket DEMO-1, Nobody can log in, is entered: critical, to be answered within 15 minutes, "
                "and the caller has waited for 13½. PostgreSQL's own scheduler (pg_cron) looks for what is "
                "due; a listener delivers the mail. Neither knows of this demo.\n"
            )
            mail = _wait(mailbox)
            mails = live.collect(mailbox, mail)
        run = job.run_since(entered_at)
    when = f"at {_local(run.started_at)}" if run else ""
    console.print(f"pg_cron ran {when}, and mails arrived: to {_recipients(mails)}. The first one:\n")
    console.print(_mail(mail))
    live.answer(dsn, ticket)
    with connect(dsn, autocommit=True) as connection:
        console.print("\nThen somebody answers and resolves it:\n")
        console.print(figures.story(connection, "DEMO-1"))


def _wait(mailbox: Mailbox) -> EmailMessage:
    """The first mail, with a countdown to the minute at which pg_cron runs."""
    deadline = time.monotonic() + CRON_PATIENCE
    with error_console.status("") as status:
        while time.monotonic() < deadline:
            status.update(f"pg_cron runs in {live.seconds_to_next_minute():.0f} s")
            if mail := mailbox.take(0.5):
                return mail
    raise SlapgError(
        f"no mail arrived within {CRON_PATIENCE} seconds",
        hint="slapg doctor tells whether pg_cron runs; cron.job_run_details says what its jobs answered",
    )


def _mail(mail: EmailMessage) -> Panel:
    body = mail.get_body(("plain",))
    text = Text()
    for name in ("From", "To", "Subject"):
        text.append(f"{name}: {mail[name]}\n", style="bold" if name == "Subject" else "dim")
    text.append("\n" + (body.get_content().strip() if body else ""))
    return Panel(text, expand=False, title="mail", title_align="left")


def _recipients(mails: list[EmailMessage]) -> str:
    names = dict.fromkeys(str(mail["To"]).partition(" <")[0].strip('"') for mail in mails)
    return ", ".join(names)


def _show_ways_on(console: Console, cluster: Cluster, number: str | None) -> None:
    _heading(console, "Look further")
    slapg = _command(cluster)
    ways = [
        (f"{slapg} status {number}", "why its deadlines were what they were, to check by hand"),
        (f"{slapg} status DEMO-1", "the same for the live ticket"),
        (f"{slapg} notifications list --state sent", "who was told what"),
        (f"{slapg} db psql -- -c 'select * from sla.health'", "what an operator must look at"),
        (f"{slapg} db psql -- -c 'select * from sla.ticket_status'", "every ticket, one row each"),
        (f"{slapg} db psql", "everything, in SQL: \\dv sla.* lists the reports"),
        (f"{slapg} db destroy", "remove the demo's cluster"),
    ]
    for command, meaning in ways[0 if number else 1 :]:
        console.print(Text.assemble("  ", (command, "bold"), "\n      ", meaning), soft_wrap=True)


def _command(cluster: Cluster) -> str:
    """How slapg is called for this cluster from here, so that lines with it can be copied."""
    called = Path(sys.argv[0])
    found = shutil.which("slapg")
    is_on_path = called.name != "slapg" or (found is not None and Path(found).samefile(called))
    command = "slapg" if is_on_path else os.path.relpath(called)
    is_usual = cluster.home == Cluster.locate(None).home
    return command if is_usual else f"SLAPG_DB_DIR={shlex.quote(str(cluster.home))} {command}"


def _heading(console: Console, text: str) -> None:
    console.print()
    console.rule(Text(text, style="bold"), align="left")
    console.print()


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(TIMEZONE)):%H:%M:%S}"
