"""`slapg status`: why a ticket's deadlines are what they are."""

from dataclasses import asdict
from typing import Annotated, Any

import psycopg
import typer

from slapg.cli.options import Dsn, Json, console, print_json
from slapg.config import connect
from slapg.errors import SlapgError
from slapg.status import explain, render

app = typer.Typer()

DURATIONS = {"target", "elapsed", "remaining", "duration", "total"}


@app.command()
def status(
    ticket: Annotated[str, typer.Argument(help="Number or id of the ticket")],
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Explain the deadlines of a ticket so that they can be checked with pencil and paper.

    Policy and why it applies, calendar, each working interval and pause that counted with the running total,
    the percents crossed (when, and who was told) and those to come.
    """
    with connect(dsn, autocommit=True) as connection:
        try:
            explanation = explain(connection, ticket)
        except psycopg.Error as error:
            if error.sqlstate != "SL010":
                raise
            raise SlapgError(error.diag.message_primary or "", hint=error.diag.message_hint) from None
    if as_json:
        print_json(asdict(explanation, dict_factory=_for_scripts))
    else:
        console.print(render(explanation))


def _for_scripts(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """Durations in seconds, and their names say so."""
    return dict(
        (f"{name}_seconds", None if value is None else value.total_seconds())
        if name in DURATIONS
        else (name, value)
        for name, value in items
    )
