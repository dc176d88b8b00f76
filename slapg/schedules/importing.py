"""Bringing holidays of another calendar into a schedule: again and again, and each is there once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import psycopg

from slapg.policies.fields import time_from_sql
from slapg.policies.rows import HolidayRow
from slapg.policies.statements import Rows, hold_configuration, holiday_values
from slapg.schedules.schedule import Schedule

YEARLY = len("12-25")

Action = Literal["added", "changed", "unchanged", "covered", "removed"]


@dataclass(frozen=True)
class Stored:
    """A holiday that the schedule has."""

    holiday_id: UUID
    row: HolidayRow


@dataclass(frozen=True)
class Step:
    """What becomes of one holiday. `covered`: a yearly holiday closes that time already."""

    action: Action
    old: Stored | None
    new: HolidayRow | None


def import_holidays(
    connection: psycopg.Connection[Any],
    schedule: Schedule,
    wanted: Iterable[HolidayRow],
    years: range,
    *,
    prune: bool = False,
    dry_run: bool = False,
) -> list[Step]:
    """Give the schedule these holidays in one transaction, and say what became of each.

    One that is there already (same date and part of it) takes the new name; one whose part of the day changed
    takes the new times. With `prune` other dated holidays of those years go. A dry run does it all, so that
    the database judges it, and takes it back.
    """
    with connection.transaction(force_rollback=dry_run):
        hold_configuration(connection)
        steps = plan_import(wanted, _stored(connection, schedule), years, prune=prune)
        rows = Rows(connection)
        for step in steps:
            _write(rows, schedule, step)
        connection.execute("set constraints all immediate")
    return steps


def _stored(connection: psycopg.Connection[Any], schedule: Schedule) -> list[Stored]:
    rows = connection.execute(
        """
        select holiday_id, to_char(holiday_date, case when is_recurring then 'MM-DD' else 'YYYY-MM-DD' end),
               name, start_time::text, end_time::text
        from sla.holidays
        where tenant_id = helpdesk.current_tenant() and schedule_id = %s
        order by holiday_date, start_time, name, holiday_id
        """,
        [schedule.schedule_id],
    )
    return [
        Stored(holiday_id, HolidayRow(on, name, _time(start), _time(end)))
        for holiday_id, on, name, start, end in rows
    ]


def _time(text: str | None) -> str | None:
    return None if text is None else time_from_sql(text)


def plan_import(
    wanted: Iterable[HolidayRow], stored: list[Stored], years: range, *, prune: bool = False
) -> list[Step]:
    """What has to become of each holiday wanted, then of those stored that nobody wants."""
    wanted, free = list(wanted), list(stored)
    yearly = [row for row in [*wanted, *(item.row for item in stored)] if len(row.date) == YEARLY]
    steps = []
    for row in wanted:
        match = _match(row, free)
        if match is not None:
            free.remove(match)
            steps.append(Step("unchanged" if match.row == row else "changed", match, row))
        elif len(row.date) > YEARLY and any(_covers(other, row) for other in yearly):
            steps.append(Step("covered", None, row))
        else:
            steps.append(Step("added", None, row))
    if prune:
        steps += [Step("removed", item, None) for item in free if _lies_in(item.row, years)]
    return steps


def _match(row: HolidayRow, free: list[Stored]) -> Stored | None:
    """The stored one that it is: the same part of the day, else the same name."""
    same_date = [item for item in free if item.row.date == row.date]
    return next(
        (item for item in same_date if item.row == row),
        next(
            (item for item in same_date if item.row[2:] == row[2:]),
            next((item for item in same_date if item.row.name == row.name), None),
        ),
    )


def _covers(yearly: HolidayRow, row: HolidayRow) -> bool:
    return row.date.endswith(f"-{yearly.date}") and (yearly.start_time is None or yearly[2:] == row[2:])


def _lies_in(row: HolidayRow, years: range) -> bool:
    return len(row.date) > YEARLY and int(row.date[:4]) in years


def _write(rows: Rows, schedule: Schedule, step: Step) -> None:
    if step.action == "added" and step.new:
        rows.insert("sla.holidays", {"schedule_id": schedule.schedule_id} | holiday_values(step.new))
    elif step.action == "changed" and step.old and step.new:
        values = holiday_values(step.new)
        kept = {name: values[name] for name in ("name", "start_time", "end_time")}
        rows.update("sla.holidays", {"holiday_id": step.old.holiday_id}, kept)
    elif step.action == "removed" and step.old:
        rows.delete("sla.holidays", {"holiday_id": step.old.holiday_id})
