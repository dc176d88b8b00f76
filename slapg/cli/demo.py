"""`slapg demo`: slapg on a real incident log, then live."""

from pathlib import Path
from typing import Annotated

import typer

from slapg.cli.db import Home
from slapg.cli.options import console
from slapg.cluster import Cluster
from slapg.demo import run
from slapg.errors import SlapgError

app = typer.Typer()


@app.command()
def demo(
    home: Home = None,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log",
            envvar="SLAPG_DEMO_LOG",
            show_envvar=True,
            help="Ticket event log to replay; without it, the sample of a real one that comes with slapg.",
        ),
    ] = None,
    incidents: Annotated[
        int,
        typer.Option(
            min=1, envvar="SLAPG_DEMO_INCIDENTS", show_envvar=True, help="So many incidents of it at most."
        ),
    ] = 3000,
) -> None:
    """Show slapg at work in a private cluster: takes about two minutes, and nothing to set up.

    Replays a real incident log, shows what a service-desk manager sees in it, then lets pg_cron and a
    listener deliver mail about a live ticket to a mail server inside the demo. The database is made anew
    each time.
    """
    try:
        run(console, Cluster.locate(home), log, incidents)
    except KeyboardInterrupt:
        raise SlapgError("stopped", hint="the next run begins anew") from None
