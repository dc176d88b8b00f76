"""`slapg schedule`: business hours, drawn, and their holidays, imported."""

from dataclasses import asdict
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated

import typer
from rich.text import Text

from slapg.cli.options import Dsn, Json, console, print_json
from slapg.config import connect
from slapg.errors import SlapgError
from slapg.policies.rows import HolidayRow
from slapg.schedules.drawing import draw
from slapg.schedules.importing import Step
from slapg.schedules.importing import import_holidays as import_rows
from slapg.schedules.overview import Line, overview
from slapg.schedules.schedule import Schedule, find_schedule
from slapg.schedules.view import DAY, days_of, monday_of, month_after
from slapg.schedules.years import parse_years

app = typer.Typer(no_args_is_help=True, help="Business hours: listed, drawn, and holidays imported.")

Name = Annotated[str, typer.Argument(metavar="SCHEDULE", help="Name of the schedule")]
STYLES = {"added": "green", "changed": "yellow", "unchanged": "dim", "covered": "dim", "removed": "red"}


@app.command("list")
def list_schedules(dsn: Dsn = None, as_json: Json = False) -> None:
    """List the schedules: hours, zone, holidays, and the policies that count in them."""
    with connect(dsn) as connection:
        lines = overview(connection)
    if as_json:
        print_json([asdict(line) for line in lines])
        return
    if not lines:
        console.print("There is no schedule: every policy counts around the clock.")
    for place, line in enumerate(lines):
        console.print(_about(line), end="\n\n" if place < len(lines) - 1 else "\n")


def _about(line: Line) -> Text:
    about = Text.assemble((line.name, "bold"), f"  {line.timezone}")
    about.append(", the default schedule" if line.is_default else "")
    for hours in line.hours:
        about.append(f"\n  {hours}")
    used = f"counts for {', '.join(line.policies)}" if line.policies else "named by no policy"
    holidays = f"{line.holidays} holiday{'' if line.holidays == 1 else 's'}"
    about.append(f"\n  {holidays}, {used}", style="dim")
    return about


@app.command()
def show(
    schedule: Name,
    months: Annotated[
        int,
        typer.Option(
            min=0, max=24, envvar="SLAPG_SCHEDULE_MONTHS", show_envvar=True, help="So many months ahead."
        ),
    ] = 3,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            envvar="SLAPG_SCHEDULE_FROM",
            show_envvar=True,
            help="The date to begin with; without it, today in the schedule's zone.",
        ),
    ] = None,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Draw the week and the coming months of a schedule, holidays marked."""
    with connect(dsn) as connection:
        found = find_schedule(connection, schedule)
        on = start.date() if start else found.today
        firsts = [month_after(on, number) for number in range(months + 1)]
        week = days_of(connection, found, monday_of(on), monday_of(on) + 7 * DAY)
        pages = [days_of(connection, found, first, until) for first, until in pairwise(firsts)]
    if as_json:
        print_json(
            asdict(found)
            | {
                "week": [asdict(day) for day in week],
                "months": [
                    {"month": f"{page[0].date:%Y-%m}", "days": [asdict(day) for day in page]}
                    for page in pages
                ],
            }
        )
    else:
        console.print(draw(found, week, pages))


@app.command("import-holidays")
def import_holidays(
    schedule: Name,
    country: Annotated[
        str | None,
        typer.Option(envvar="SLAPG_HOLIDAYS_COUNTRY", show_envvar=True, help="ISO 3166 code, such as DE."),
    ] = None,
    subdivision: Annotated[
        str | None,
        typer.Option(envvar="SLAPG_HOLIDAYS_SUBDIVISION", show_envvar=True, help="Its part, such as BY."),
    ] = None,
    ics: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|URL", envvar="SLAPG_HOLIDAYS_ICS", show_envvar=True, help="iCalendar instead."
        ),
    ] = None,
    years: Annotated[
        str | None,
        typer.Option(
            envvar="SLAPG_HOLIDAYS_YEARS",
            show_envvar=True,
            help="2026 or 2026-2028; without it, this year and the next two.",
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            envvar="SLAPG_HOLIDAYS_LANGUAGE", show_envvar=True, help="Of the names; else the country's own."
        ),
    ] = None,
    half_days_from: Annotated[
        str | None,
        typer.Option(
            metavar="HH:MM",
            envvar="SLAPG_HOLIDAYS_HALF_DAYS_FROM",
            show_envvar=True,
            help="Import half-day holidays, too: closed from then on.",
        ),
    ] = None,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            envvar="SLAPG_HOLIDAYS_PRUNE",
            show_envvar=True,
            help="Remove other dated holidays of these years.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            envvar="SLAPG_HOLIDAYS_DRY_RUN",
            show_envvar=True,
            help="Do it all, show what would change, and take it back.",
        ),
    ] = False,
    dsn: Dsn = None,
    as_json: Json = False,
) -> None:
    """Bring the public holidays of a country, or the events of a calendar, into a schedule.

    Importing again renames what was renamed and doubles nothing. Open tickets of the schedule are counted
    anew in the same transaction.
    """
    if (country is None) == (ics is None):
        raise SlapgError("expected either --country or --ics", exit_code=2)
    with connect(dsn) as connection:
        found = find_schedule(connection, schedule)
        wanted_years = parse_years(years, found.today)
        if country is not None:
            from slapg.schedules.national import national_holidays

            wanted = national_holidays(
                country.upper(),
                wanted_years,
                subdivision=subdivision,
                language=language,
                half_days_from=half_days_from,
            )
        else:
            from slapg.schedules.ics import calendar_holidays

            wanted = calendar_holidays(str(ics), wanted_years, found.timezone)
        connection.rollback()  # what was read took a snapshot; the import begins with a fresh one
        steps = import_rows(connection, found, wanted, wanted_years, prune=prune, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, "schedule": found.name, "holidays": [_for_scripts(s) for s in steps]})
    else:
        _report(found, steps, dry_run=dry_run)


def _for_scripts(step: Step) -> dict[str, object]:
    row = step.new or (step.old and step.old.row)
    return {
        "action": step.action,
        **(row._asdict() if row else {}),
        "old_name": step.old.row.name if step.old else None,
    }


def _report(schedule: Schedule, steps: list[Step], *, dry_run: bool) -> None:
    counts = dict.fromkeys(STYLES, 0)
    for step in steps:
        counts[step.action] += 1
        if step.action not in ("unchanged", "covered"):
            console.print(Text(f"{step.action:<9}  {_words(step)}", style=STYLES[step.action]))
    sums = ", ".join(f"{count} {action}" for action, count in counts.items())
    console.print(f"{'Nothing was changed; it would be: ' if dry_run else ''}{sums}.")
    if counts["covered"]:
        console.print("Covered: a yearly holiday of the schedule closes that day already.", style="dim")
    if schedule.is_24x7:
        console.print(f'Schedule "{schedule.name}" is 24x7: its holidays are stored and not consulted.')


def _words(step: Step) -> str:
    row = step.new or (step.old.row if step.old else None)
    assert row is not None
    words = f"{_day(row)}  {row.name}{_part(row)}"
    if step.old and step.new and step.old.row != step.new:
        words += f"  (was {step.old.row.name}{_part(step.old.row)})"
    return words


def _day(row: HolidayRow) -> str:
    yearly = len(row.date) == len("12-25")
    return f"every {row.date}    " if yearly else f"{date.fromisoformat(row.date):%a %d %b %Y}"


def _part(row: HolidayRow) -> str:
    return f" {row.start_time}-{row.end_time}" if row.start_time else ""
