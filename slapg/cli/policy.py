"""`slapg policy`: what is promised, as a file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from slapg.cli.options import Dsn, Json, console, print_json
from slapg.config import connect
from slapg.policies import Document, load, parse
from slapg.policies import apply as apply_file
from slapg.policies import export as export_file
from slapg.policies.report import for_scripts, render
from slapg.policies.schema import schema_text

app = typer.Typer(
    no_args_is_help=True,
    help="What is promised, as a file: schedules, policies, pause rules, managers, settings.",
)

DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        envvar="SLAPG_POLICY_DRY_RUN",
        show_envvar=True,
        help="Do it all, show what would change, and take it back.",
    ),
]
Prune = Annotated[
    bool,
    typer.Option(
        "--prune",
        envvar="SLAPG_POLICY_PRUNE",
        show_envvar=True,
        help="Remove what the sections of the file no longer name.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", envvar="SLAPG_POLICY_OUTPUT", show_envvar=True, help="File to write instead."
    ),
]


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE.yaml", help="Policy file; - reads standard input")],
    dry_run: DryRun = False,
    prune: Prune = False,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Make the database say what the file says, in one transaction.

    What the file does not mention is left alone. Calendars take effect on open tickets at once; other terms
    when a clock starts, or with sla.recalculate. A file that is wrong changes nothing, and its line, its key
    and what was expected are named. Deleting something in use is refused, its users named (SL019).
    """
    document = _read(file)
    with connect(dsn) as connection:
        outcome = apply_file(connection, document, prune=prune, dry_run=dry_run)
    if as_json:
        print_json(for_scripts(outcome))
    else:
        console.print(render(outcome))


@app.command()
def export(output: Output = None, dsn: Dsn = None) -> None:
    """Print the configuration of the database as a policy file: the same one always as the same bytes."""
    with connect(dsn) as connection:
        text = export_file(connection)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


@app.command()
def schema() -> None:
    """Print the JSON Schema of policy files, for editors that complete and check them."""
    sys.stdout.write(schema_text())


def _read(file: Path) -> Document:
    return parse(sys.stdin.buffer.read(), "standard input") if str(file) == "-" else load(file)
