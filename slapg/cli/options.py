"""Options and output that several commands share."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console

Dsn = Annotated[
    str | None,
    typer.Option(
        "--dsn",
        envvar="SLAPG_DSN",
        show_envvar=True,
        help="Connection string of the database; without it, the private cluster of this folder.",
    ),
]
Json = Annotated[
    bool, typer.Option("--json", envvar="SLAPG_JSON", show_envvar=True, help="Print JSON, for scripts.")
]

console = Console(highlight=False)
"""For what a command answers."""

error_console = Console(stderr=True, highlight=False)
"""For errors and progress, so that standard output holds only the answer."""


def print_json(value: Any) -> None:
    """Print `value` as one JSON document; what JSON does not know (instants, intervals, uuids) as text."""
    typer.echo(json.dumps(value, default=str, ensure_ascii=False, indent=2))
