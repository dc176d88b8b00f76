"""`slapg simulate`: what if we had promised, opened or paused otherwise?"""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from slapg.cli.options import Dsn, Json, console, error_console, print_json
from slapg.config import connect
from slapg.errors import SlapgError
from slapg.simulation import Change, Compliance, Scenario, changes, compliance, opening, target
from slapg.status.words import share

app = typer.Typer()


def _option(flag: str, help_text: str) -> Any:
    variable = "SLAPG_SIMULATE" + flag.removeprefix("-").replace("-", "_").upper()
    return typer.Option(flag, envvar=variable, show_envvar=True, help=help_text)


Targets = Annotated[
    list[str] | None,
    _option(
        "--target", "Another promise: High:response=2h, resolution=90m (every priority), Low:response=none"
    ),
]
Openings = Annotated[list[str] | None, _option("--open", 'More opening hours: "Sat 09:00-13:00"')]
Statuses = Annotated[
    list[str] | None, _option("--pause-in", "The statuses that pause, instead of those that did; or none")
]


@app.command()
def simulate(
    starts: Annotated[
        str | None, _option("--from", "Tickets entered from then on [default: 30 days ago]")
    ] = None,
    ends: Annotated[str | None, _option("--until", "Tickets entered before [default: now]")] = None,
    targets: Targets = None,
    policy: Annotated[str | None, _option("--policy", "The promises of this policy, for all")] = None,
    schedule: Annotated[str | None, _option("--schedule", "The opening hours of this schedule")] = None,
    openings: Openings = None,
    pause_in: Statuses = None,
    awaiting_client: Annotated[
        str | None, _option("--awaiting-client", "Whether waiting for the client pauses or counts")
    ] = None,
    of_policy: Annotated[str | None, _option("--of", "Only tickets under this policy")] = None,
    tickets: Annotated[
        bool, typer.Option("--tickets", envvar="SLAPG_SIMULATE_TICKETS", help="List what comes out otherwise")
    ] = False,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Judge past tickets under other terms, from their history: compliance then and now. Changes nothing.

    For example: slapg simulate --from 2016-03-01 --target response=2h --open "Sat 09:00-13:00"
    """
    scenario = Scenario(
        starts=starts,
        ends=ends,
        targets=[target(text) for text in targets or ()],
        policy=policy,
        schedule=schedule,
        openings=[opening(text) for text in openings or ()],
        pause_statuses=None if not pause_in else [] if pause_in == ["none"] else pause_in,
        pause_on_awaiting_client=_pauses(awaiting_client),
        of_policy=of_policy,
    )
    with connect(dsn, autocommit=True) as connection, error_console.status("simulating"):
        found: list[Compliance] = compliance(connection, scenario)
        otherwise: list[Change] = changes(connection, scenario) if tickets else []
    if as_json:
        answer: dict[str, Any] = {"compliance": [asdict(row) for row in found]}
        print_json(answer | ({"changes": [asdict(row) for row in otherwise]} if tickets else {}))
        return
    if not found:
        console.print("no tickets were entered then")
        return
    console.print(_compliance_table(found))
    if tickets:
        console.print(_changes_table(otherwise))


def _pauses(text: str | None) -> bool | None:
    if text not in (None, "pauses", "counts"):
        raise SlapgError(
            f"--awaiting-client not understood: {text}", hint="it pauses or it counts", exit_code=2
        )
    return None if text is None else text == "pauses"


def _compliance_table(rows: Iterable[Compliance]) -> Table:
    """Percent met, with the clocks behind it; what got better is green, what got worse red."""
    table = Table(box=None, pad_edge=False)
    for heading in ("priority", "metric"):
        table.add_column(heading)
    for heading in ("met", "missed", "open", "kept", "→ met", "missed", "open", "kept"):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(
            row.priority or "none",
            row.metric,
            f"{row.recorded_met:,}",
            f"{row.recorded_missed:,}",
            f"{row.recorded_open:,}",
            share(row.recorded_percent),
            f"{row.simulated_met:,}",
            f"{row.simulated_missed:,}",
            f"{row.simulated_open:,}",
            Text(share(row.simulated_percent), _colour(row.recorded_percent, row.simulated_percent)),
        )
    return table


def _colour(before: Decimal | None, after: Decimal | None) -> str:
    if before is None or after is None or before == after:
        return ""
    return "green" if after > before else "red"


def _changes_table(rows: list[Change]) -> Table:
    table = Table("ticket", "metric", "priority", "was", "would be", "due instead", box=None, pad_edge=False)
    for row in rows:
        due_at = row.simulated_due_at
        table.add_row(
            row.ticket_number,
            row.metric,
            row.priority or "none",
            row.recorded_outcome or "not promised",
            row.simulated_outcome or "not promised",
            f"{due_at:%Y-%m-%d %H:%M %z}" if due_at else "",
        )
    return table
