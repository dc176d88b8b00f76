"""`slapg migrate`: the schema, the functions, the roles and the jobs."""

from itertools import groupby
from typing import Annotated

import typer

from slapg.cli.options import Dsn, Json, console, error_console, print_json
from slapg.errors import SlapgError
from slapg.migrations import MigrationReport
from slapg.migrations import migrate as run_migration
from slapg.migrations.offline import render_sql

app = typer.Typer()

To = Annotated[
    str,
    typer.Option("--to", envvar="SLAPG_MIGRATE_TO", show_envvar=True, help="Revision, head or base."),
]
PrintSql = Annotated[
    bool,
    typer.Option(
        "--sql",
        envvar="SLAPG_MIGRATE_SQL",
        show_envvar=True,
        help="Change nothing: print the SQL that makes the whole schema in an empty database.",
    ),
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose",
        "-v",
        envvar="SLAPG_MIGRATE_VERBOSE",
        show_envvar=True,
        help="Name each file and object, not only how many of each kind.",
    ),
]


@app.command()
def migrate(
    dsn: Dsn = None,
    to: To = "head",
    sql: PrintSql = False,
    verbose: Verbose = False,
    as_json: Json = False,
) -> None:
    """Bring a database to this version of slapg; safe to run at any time, and many times.

    Needs a superuser (PL/Python). With --to an older revision it goes down, and what belonged to the newer
    revisions is dropped with its data.
    """
    if sql:
        if to != "head" or as_json:
            raise SlapgError("--sql prints the whole schema: it takes neither --to nor --json", exit_code=2)
        typer.echo(render_sql(), nl=False)
        return
    report = run_migration(dsn, target=to)
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report, verbose)


def _print(report: MigrationReport, verbose: bool) -> None:
    steps = {
        "revision": report.revisions,
        "applied": _files(report.applied) if verbose else _counted(report.applied),
        "dropped": report.dropped if verbose else _kinds(report.dropped),
        "job": report.jobs,
    }
    for verb, names in steps.items():
        for name in names:
            console.print(f"{verb:>9}  {name}", soft_wrap=True)
    for warning in report.warnings:
        error_console.print(f"[yellow]warning:[/yellow] {warning}", soft_wrap=True)
    console.print(_summary(report), soft_wrap=True)


def _files(applied: list[str]) -> list[str]:
    return [f"sql/{path}" for path in applied]


def _counted(applied: list[str]) -> list[str]:
    """How many files of each folder; a file alone is named."""
    by_folder = {
        folder: list(files)
        for folder, files in groupby(sorted(applied), lambda path: path.rpartition("/")[0])
    }
    return [
        f"sql/{files[0]}" if len(files) == 1 else f"sql/{folder}/ ({len(files)} files)"
        for folder, files in by_folder.items()
    ]


def _kinds(dropped: list[str]) -> list[str]:
    """How many objects of each kind; one alone is named."""
    by_kind = {
        kind: list(names) for kind, names in groupby(sorted(dropped), lambda name: name.partition(" ")[0])
    }
    return [names[0] if len(names) == 1 else f"{len(names)} {kind}s" for kind, names in by_kind.items()]


def _summary(report: MigrationReport) -> str:
    at = f"revision {report.after}" if report.after else "no slapg in this database"
    if report.nothing_to_do:
        return f"nothing to do: {at}, {report.unchanged} files unchanged"
    return (
        f"done: {at}, {len(report.revisions)} revisions, {len(report.applied)} files applied, "
        f"{report.unchanged} unchanged"
    )
