"""The entry point of the `slapg` command: gathers the commands and turns errors into one line."""

import importlib
import sys
from typing import Annotated, Any

import psycopg
import typer
from rich.text import Text
from typer.core import TyperGroup

from slapg import __version__
from slapg.cli.options import error_console
from slapg.errors import SlapgError

COMMANDS = (
    "db",
    "migrate",
    "doctor",
    "listen",
    "sweep",
    "notifications",
    "channel",
    "status",
    "verify",
    "simulate",
    "policy",
    "schedule",
    "replay",
    "demo",
)


class Commands(TyperGroup):
    """The commands, each imported when it is called: `slapg db url` need not wait for SQLAlchemy."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        group = typer.main.get_group(importlib.import_module(f"slapg.cli.{cmd_name}").app)
        group.name = cmd_name
        # A module with one command of its own name is that command, else (`db`) a group of commands.
        return group.commands.get(cmd_name, group)


app = typer.Typer(
    name="slapg",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="SLA tracking that lives inside PostgreSQL.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"slapg {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """SLA tracking that lives inside PostgreSQL.

    Exit codes: 0 ok, 1 found a problem, 2 wrong use.
    """


def main() -> None:
    """Run the command line; whatever a person can mend ends as one line on standard error."""
    try:
        app(prog_name="slapg")
    except SlapgError as error:
        sys.exit(_report(error.message, error.hint, error.exit_code))
    except psycopg.Error as error:
        sys.exit(_report(_describe(error), error.diag.message_hint or _hint(error), 1))
    except OSError as error:
        sys.exit(_report(f"{error.strerror or error}: {error.filename or 'no file named'}", None, 1))


def _report(message: str, hint: str | None, exit_code: int) -> int:
    error_console.print(Text.assemble(("error: ", "bold red"), message), soft_wrap=True)
    if hint:
        error_console.print(Text.assemble(("hint: ", "bold"), hint), soft_wrap=True)
    return exit_code


def _hint(error: psycopg.Error) -> str | None:
    if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName):
        return "is slapg installed in this database? run: slapg migrate"
    return None


def _describe(error: psycopg.Error) -> str:
    message = error.diag.message_primary or str(error).strip().partition("\n")[0]
    return f"{message} [{error.sqlstate}]" if error.sqlstate else message
