"""`slapg notifications`: what waits to be delivered, what was given up and why, and another try for it."""

from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Group, RenderableType
from rich.json import JSON
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from slapg.cli.delivery_options import TemplatesDir
from slapg.cli.options import Dsn, Json, console, error_console, print_json
from slapg.config import connect
from slapg.errors import SlapgError
from slapg.notifications.preview import Preview, preview
from slapg.notifications.queue import UNDELIVERED, Entry, find_entry, list_entries
from slapg.notifications.queue import retry as put_back

app = typer.Typer(no_args_is_help=True, help="The outbox: what waits, what was given up, and another try.")

STYLES = {"pending": "yellow", "sent": "green", "dead": "bold red", "dropped": "dim"}


class State(StrEnum):
    """States of a notification."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


Channel = Annotated[
    str | None,
    typer.Option("--channel", envvar="SLAPG_CHANNEL", show_envvar=True, help="Only of this channel."),
]


@app.command("list")
def list_notifications(
    state: Annotated[
        State | None,
        typer.Option(
            envvar="SLAPG_NOTIFICATIONS_STATE",
            show_envvar=True,
            help="Only in this state; without it, what was not delivered: pending and dead.",
        ),
    ] = None,
    channel: Channel = None,
    limit: Annotated[
        int,
        typer.Option(
            min=1, envvar="SLAPG_NOTIFICATIONS_LIMIT", show_envvar=True, help="So many at most, newest first."
        ),
    ] = 50,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """List notifications of the outbox, the newest first, with what went wrong last."""
    states = (state.value,) if state else UNDELIVERED
    with connect(dsn, autocommit=True) as connection:
        entries = list_entries(connection, states, channel, limit)
    if as_json:
        print_json([asdict(entry) for entry in entries])
    elif not entries:
        console.print(f"no notification is {' or '.join(states)}")
    else:
        console.print(_table(entries))
        if len(entries) == limit:
            error_console.print(f"shown: the newest {limit}; --limit shows more", style="dim")


@app.command()
def show(
    notification_id: Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the notification")],
    templates_dir: TemplatesDir = None,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Show one notification: how it fared, and its message as it would be written now."""
    with connect(dsn, autocommit=True) as connection:
        entry = find_entry(connection, notification_id)
        message = preview(connection, notification_id, templates_dir)
    if as_json:
        print_json(asdict(entry) | {"message": asdict(message)})
    else:
        console.print(_page(entry, message))


@app.command()
def retry(
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="[NUMBER]...", help="Numbers of notifications")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", envvar="SLAPG_RETRY_ALL", show_envvar=True, help="All that were given up."),
    ] = False,
    channel: Channel = None,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Send what was given up once more, with a fresh set of attempts: these numbers, or all.

    Needs the rights of role slapg_admin or slapg_listener. Exit code 1 when a number is not of one given up.
    """
    if bool(numbers) == everything:
        raise SlapgError(
            "which notifications?",
            hint="give their numbers (slapg notifications list --state dead), or --all",
            exit_code=2,
        )
    with connect(dsn) as connection:
        count, others = put_back(connection, None if everything else numbers, channel)
    if as_json:
        print_json({"retried": count, "not_retried": others})
    else:
        console.print(f"{_count(count)} will be tried again")
        for number, what in others.items():
            error_console.print(f"{number} is not tried again: it is {what}", style="yellow")
    if others:
        raise typer.Exit(1)


def _count(number: int) -> str:
    return f"{number:,} notification{'' if number == 1 else 's'}"


def _table(entries: list[Entry]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("number", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("tries", justify="right", no_wrap=True)
    table.add_column("written (UTC)", no_wrap=True)
    table.add_column("ticket", overflow="fold")
    table.add_column("message, and what went wrong", overflow="fold")
    for entry in entries:
        table.add_row(
            str(entry.notification_id),
            Text(entry.state, STYLES[entry.state]),
            str(entry.attempts),
            f"{entry.created_at.astimezone(UTC):%Y-%m-%d %H:%M}",
            Text(entry.ticket_number),
            _message(entry),
        )
    return table


def _message(entry: Entry) -> Text:
    whom = f" to {entry.recipient}" if entry.recipient else ""
    said = Text(f"{entry.template} by {entry.channel}{whom}")
    if entry.last_error:
        said.append("\n" + " ".join(entry.last_error.split()), STYLES[entry.state])
    return said


def _page(entry: Entry, message: Preview) -> RenderableType:
    facts = Table.grid(padding=(0, 2, 0, 0))
    for name, value in _facts(entry):
        facts.add_row(Text(name, "dim"), Text(value, STYLES.get(value, "")))
    parts: list[RenderableType] = [Text(f"notification {entry.notification_id}", "bold"), facts]
    if message.problem:
        parts.append(Text(f"a template failed, the shipped one is shown: {message.problem}", "bold red"))
    if message.event is not None:
        parts += [Rule(Text("event", "bold"), align="left"), JSON.from_data(message.event)]
    else:
        parts += [Rule(Text(message.subject, "bold"), align="left"), Text(message.text)]
    return Group(*parts)


def _facts(entry: Entry) -> list[tuple[str, str]]:
    whom = entry.recipient or "whoever listens"
    said = {
        "ticket": f"{entry.ticket_number}: {entry.title}",
        "message": f"{entry.template} by {entry.channel}",
        "to": f"{whom} <{entry.recipient_email}>" if entry.recipient_email else whom,
        "state": entry.state,
        "attempts": str(entry.attempts),
        "written": _instant(entry.created_at),
        "next attempt": _instant(entry.next_attempt_at),
        "sent": _instant(entry.sent_at),
        "digest": str(entry.digest_id) if entry.digest_id is not None else "",
        "error": entry.last_error or "",
    }
    return [(name, value) for name, value in said.items() if value]


def _instant(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else ""
