"""What a benchmark found, one row of the table at the end."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

VERDICTS = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}


@dataclass(frozen=True)
class Result:
    """One line: a measurement, what it is compared with, and the target, in words with units."""

    what: str
    measured: str
    baseline: str = ""
    ratio: str = ""
    target: str = ""
    reached: bool | None = None
    """None: there is no target, the line informs."""


def show(results: Iterable[Result], console: Console) -> None:
    """Print the table."""
    table = Table(title="slapg, measured", title_justify="left")
    table.add_column("what", overflow="fold")
    for name in ("measured", "baseline", "ratio", "target"):
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("reached")
    for each in results:
        table.add_row(
            each.what, each.measured, each.baseline, each.ratio, each.target, VERDICTS[each.reached]
        )
    console.print(table)
