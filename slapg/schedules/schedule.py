"""A schedule of the current tenant, found by its name."""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from slapg.errors import SlapgError

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Schedule:
    """The row, and which date it is there now."""

    schedule_id: UUID
    name: str
    timezone: str
    is_default: bool
    is_24x7: bool
    today: date


def all_schedules(connection: Connection) -> list[Schedule]:
    """Those in force, by name."""
    with connection.cursor(row_factory=class_row(Schedule)) as cursor:
        return cursor.execute(
            """
            select schedule_id, name, timezone, is_default, is_24x7,
                   (sla.now() at time zone timezone)::date as today
            from sla.schedules
            where tenant_id = helpdesk.current_tenant() and archived_at is null
            order by name, schedule_id
            """
        ).fetchall()


def find_schedule(connection: Connection, name: str) -> Schedule:
    """The one of that name. Raises `SlapgError` when there is none, or more than one."""
    known = all_schedules(connection)
    found = [schedule for schedule in known if schedule.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise SlapgError(f'{len(found)} schedules are named "{name}"', hint="give each a name of its own")
    close = get_close_matches(name, [schedule.name for schedule in known], n=1)
    raise SlapgError(
        f'no schedule is named "{name}"',
        hint=f'is "{close[0]}" meant?' if close else "slapg schedule list names them",
    )
