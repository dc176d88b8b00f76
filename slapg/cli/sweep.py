"""`slapg sweep`: settle what is due, now."""

from typing import Annotated, Any

import typer

from slapg.cli.options import Dsn, Json, console, print_json
from slapg.config import connect

app = typer.Typer()

BatchSize = Annotated[
    int,
    typer.Option(
        "--batch-size",
        envvar="SLAPG_BATCH_SIZE",
        show_envvar=True,
        min=1,
        help="Clocks that are settled in one transaction.",
    ),
]


@app.command()
def sweep(dsn: Dsn = None, batch_size: BatchSize = 1000, as_json: Json = False) -> None:
    """Record every threshold that is due, as pg_cron does every five minutes, and say what was done.

    Exit code 1 when tickets could not be settled; sla.sweep_errors says why. A sweep that runs already is
    left alone: then this one has nothing to do.
    """
    with connect(dsn, autocommit=True) as connection:
        (last,) = _row(connection.execute("select coalesce(max(run_id), 0) from sla.sweep_runs"))
        connection.execute("call sla.sweep(%s)", [batch_size])
        settled, recorded, failed, seconds = _row(
            connection.execute(
                """
                select coalesce(sum(settled), 0), coalesce(sum(recorded), 0), coalesce(sum(failed), 0),
                       coalesce(extract(epoch from max(finished_at) - min(started_at)), 0)::float8
                from sla.sweep_runs where run_id > %s
                """,
                [last],
            )
        )
    if as_json:
        print_json({"settled": settled, "recorded": recorded, "failed": failed, "seconds": seconds})
    elif not settled and not failed:
        console.print("nothing was due")
    else:
        console.print(
            f"clocks settled: {settled}, threshold events recorded: {recorded}, "
            f"tickets failed: {failed}, in {seconds:.2f} s"
        )
    if failed:
        raise typer.Exit(1)


def _row(cursor: Any) -> tuple[Any, ...]:
    row: tuple[Any, ...] = cursor.fetchone()
    return row
