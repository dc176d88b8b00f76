"""`slapg migrate`: the schema, the functions, the roles and the jobs."""

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


@app.command()
def migrate(dsn: Dsn = None, to: To = "head", sql: PrintSql = False, as_json: Json = False) -> None:
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
        _print(report)


def _print(report: MigrationReport) -> None:
    steps = {
        "revision": report.revisions,
        "applied": [f"sql/{path}" for path in report.applied],
        "dropped": report.dropped,
        "job": report.jobs,
    }
    for verb, names in steps.items():
        for name in names:
            console.print(f"{verb:>9}  {name}", soft_wrap=True)
    for warning in report.warnings:
        error_console.print(f"[yellow]warning:[/yellow] {warning}", soft_wrap=True)
    console.print(_summary(report), soft_wrap=True)


def _summary(report: MigrationReport) -> str:
    at = f"revision {report.after}" if report.after else "no slapg in this database"
    if report.nothing_to_do:
        return f"nothing to do: {at}, {report.unchanged} files unchanged"
    return (
        f"done: {at}, {len(report.revisions)} revisions, {len(report.applied)} files applied, "
        f"{report.unchanged} unchanged"
    )
