"""`slapg verify`: do the clocks follow from the tickets' history?"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import psycopg
import typer
from rich.progress import Progress
from rich.text import Text

from slapg.cli.options import Dsn, Json, console, error_console, print_json
from slapg.config import connect
from slapg.errors import SlapgError
from slapg.verify import Batch, Difference, count_tickets, verify_all, verify_one

app = typer.Typer()


@app.command()
def verify(
    ticket: Annotated[
        str | None,
        typer.Argument(
            help="Number or id of a ticket; all without it", envvar="SLAPG_TICKET", show_envvar=True
        ),
    ] = None,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Recompute clocks, pauses and threshold events from the audit log and say what differs. Changes nothing.

    Exit code 1 when something differs: somebody changed rows behind slapg's back, or slapg has a bug.
    """
    tickets = 0
    found: list[Difference] = []
    with connect(dsn, autocommit=True) as connection:
        for batch in _batches(connection, ticket):
            tickets += batch.tickets
            found += batch.differences
            if not as_json:
                for difference in batch.differences:
                    console.print(_line(difference), soft_wrap=True)
    differing = len({difference.ticket_id for difference in found})
    if as_json:
        differences = [asdict(difference) for difference in found]
        print_json({"tickets": tickets, "tickets_differing": differing, "differences": differences})
    elif not found:
        console.print(f"tickets verified: {tickets:,}, nothing differs from their history")
    else:
        console.print(f"tickets verified: {tickets:,}, [bold red]differing: {differing:,}[/]")
    if found:
        raise typer.Exit(1)


def _batches(connection: psycopg.Connection[tuple[object, ...]], ticket: str | None) -> Iterator[Batch]:
    if ticket is not None:
        try:
            yield verify_one(connection, ticket)
        except psycopg.Error as error:
            if error.sqlstate != "SL010":
                raise
            raise SlapgError(error.diag.message_primary or "", hint=error.diag.message_hint) from None
        return
    with Progress(console=error_console, transient=True) as progress:
        task = progress.add_task("verifying", total=count_tickets(connection))
        for batch in verify_all(connection):
            progress.advance(task, batch.tickets)
            yield batch


def _line(difference: Difference) -> Text:
    clock = f"{difference.metric} {difference.cycle}: " if difference.metric else ""
    return Text.assemble(
        (difference.ticket_number, "bold"),
        f"  {clock}{difference.what}: ",
        (difference.recorded or "nothing", "red"),
        " is recorded, its history says ",
        (difference.recomputed or "nothing", "green"),
    )
