"""`slapg db`: the private cluster."""

import os
from pathlib import Path
from typing import Annotated

import typer

from slapg.cli.options import Json, console, print_json
from slapg.cluster import Cluster
from slapg.cluster.home import DIR_VARIABLE
from slapg.errors import SlapgError

app = typer.Typer(no_args_is_help=True, help="A private PostgreSQL cluster, for people without a server.")

Home = Annotated[
    Path | None,
    typer.Option(
        "--dir",
        envvar=DIR_VARIABLE,
        show_envvar=True,
        help="Folder of the cluster; without it, .slapg here or in a folder above.",
    ),
]


@app.command()
def start(home: Home = None) -> None:
    """Create the cluster if need be and start it; fine when it runs already."""
    cluster = Cluster.locate(home)
    started = cluster.start()
    console.print(f"{'started' if started else 'already running'} in {cluster.home}", soft_wrap=True)


@app.command()
def stop(home: Home = None) -> None:
    """Stop the server; fine when it is stopped already."""
    cluster = Cluster.locate(home)
    console.print(f"{'stopped' if cluster.stop() else 'not running'} in {cluster.home}", soft_wrap=True)


@app.command()
def status(home: Home = None, as_json: Json = False) -> None:
    """Say whether the server runs and where its files are; exit code 1 when it does not run."""
    cluster = Cluster.locate(home)
    running = cluster.postmaster()
    facts = {
        "state": "running" if running else "stopped" if cluster.exists() else "absent",
        "home": str(cluster.home),
        "data": str(cluster.data_dir) if cluster.exists() else None,
        "log": str(cluster.log_file) if cluster.exists() else None,
        "port": running.port if running else None,
        "pid": running.pid if running else None,
    }
    if as_json:
        print_json(facts)
    else:
        for name, value in facts.items():
            if value is not None:
                console.print(f"{name:<6} {value}", soft_wrap=True)
    if running is None:
        raise typer.Exit(1)


@app.command()
def url(home: Home = None) -> None:
    """Print the superuser's DSN and nothing else."""
    typer.echo(Cluster.locate(home).url())


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context, home: Home = None) -> None:
    """Open psql on the cluster; what follows goes to psql."""
    dsn = Cluster.locate(home).socket_url()
    try:
        os.execvp("psql", ["psql", dsn, *context.args])  # noqa: S606, S607
    except FileNotFoundError:
        raise SlapgError(
            "psql is not installed", hint="install PostgreSQL's client programs (Debian: postgresql-client)"
        ) from None


@app.command()
def destroy(
    home: Home = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Stop the server and delete the cluster with all its data."""
    cluster = Cluster.locate(home)
    if cluster.exists() and not yes:
        typer.confirm(f"Delete the cluster in {cluster.home} and all its data?", abort=True)
    console.print(f"{'destroyed' if cluster.destroy() else 'nothing'} in {cluster.home}", soft_wrap=True)
