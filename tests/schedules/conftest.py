"""A schedule to import into and to look at."""

from typing import Any

import psycopg
import pytest

from slapg.schedules.schedule import Schedule, find_schedule


@pytest.fixture
def office(db: psycopg.Connection[Any]) -> Schedule:
    """Office: Monday to Friday 09:00-12:30 and 13:00-17:00 in Berlin; it is Wednesday, 9 December 2026."""
    db.execute("set slapg.now = '2026-12-09 10:00:00+00'")
    with db.transaction():
        db.execute(
            """
            insert into sla.schedules (name, timezone, is_default) values ('Office', 'Europe/Berlin', true);
            insert into sla.schedule_entries (schedule_id, day_of_week, start_time, end_time)
            select schedule_id, d, o, c from sla.schedules, generate_series(1, 5) d,
                (values ('09:00'::time, '12:30'::time), ('13:00', '17:00')) as h (o, c)
            """
        )
    return find_schedule(db, "Office")
