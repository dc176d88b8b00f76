"""`slapg replay`: a ticket event log, played into the database under simulated time."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from slapg.cli.options import Dsn, Json, console, error_console, print_json
from slapg.errors import SlapgError
from slapg.replay import Options, Selection, Summary
from slapg.replay import replay as play

app = typer.Typer()

SHOWN_SKIPS = 10


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="Ticket event log: .csv, .csv.gz or .csv.xz")],
    limit: Annotated[
        int | None,
        typer.Option(min=1, envvar="SLAPG_REPLAY_LIMIT", show_envvar=True, help="So many incidents."),
    ] = None,
    opened_from: Annotated[
        datetime | None,
        typer.Option("--from", envvar="SLAPG_REPLAY_FROM", show_envvar=True, help="Opened then or later."),
    ] = None,
    opened_until: Annotated[
        datetime | None,
        typer.Option("--to", envvar="SLAPG_REPLAY_TO", show_envvar=True, help="Opened before."),
    ] = None,
    itil: Annotated[
        bool,
        typer.Option(
            "--itil",
            envvar="SLAPG_REPLAY_ITIL",
            show_envvar=True,
            help="First give boards without a policy the ITIL one, in office hours from Monday to Friday.",
        ),
    ] = False,
    timezone: Annotated[
        str | None,
        typer.Option(
            envvar="SLAPG_REPLAY_TIMEZONE",
            show_envvar=True,
            help="Time zone of the log's times; without it, the tenant's (sla.settings).",
        ),
    ] = None,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Play a ticket event log into the database under simulated time.

    Each row of the log becomes a plain write to the ticket tables at its own instant, and the sweep runs
    every simulated five minutes as pg_cron would. E-mails about the past are recorded, not sent. A replay
    that was interrupted goes on where it stopped when it is called again in the same way.
    """
    options = Options(Selection(limit, opened_from, opened_until), itil, timezone)
    with progress_bar() as bar:
        task = bar.add_task("reading", total=None, day="")
        try:
            summary = play(
                dsn,
                file,
                options,
                lambda done, total, at: bar.update(
                    task, completed=done, total=total, description="replaying", day=f"{at:%Y-%m-%d}"
                ),
            )
        except KeyboardInterrupt:
            raise SlapgError(
                "stopped; what was replayed so far is whole", hint="call it again in the same way to go on"
            ) from None
    if as_json:
        print_json(asdict(summary))
    else:
        _show(summary)


def progress_bar() -> Progress:
    """On standard error: what is done, and the day that is simulated."""
    return Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[day]}"),
        TimeElapsedColumn(),
        console=error_console,
        transient=True,
    )


def _show(summary: Summary) -> None:
    if summary.resumed_after:
        console.print(f"went on after {summary.resumed_after:%Y-%m-%d %H:%M} UTC, where a replay had stopped")
    console.print(
        f"{_count(summary.incidents, 'incident')} replayed in {_count(summary.steps, 'step')} "
        f"and {_count(summary.sweeps, 'sweep')}, up to {summary.last_at:%Y-%m-%d %H:%M} UTC"
    )
    console.print(
        f"{summary.tracked:,} of them tracked, {_count(summary.thresholds, 'threshold')} crossed, "
        f"{_count(summary.notifications, 'notification')}"
    )
    if summary.tracked < summary.incidents:
        console.print(
            f"{summary.incidents - summary.tracked:,} not tracked: no SLA policy promises them anything "
            "(see sla.health; --itil sets one up before a replay)"
        )
    if summary.skipped:
        console.print(f"{_count(len(summary.skipped), 'row')} of the file skipped:")
        for line, reason in summary.skipped[:SHOWN_SKIPS]:
            console.print(f"  row {line}: {reason}")
        if len(summary.skipped) > SHOWN_SKIPS:
            console.print(f"  and {len(summary.skipped) - SHOWN_SKIPS:,} more (--json lists them all)")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
