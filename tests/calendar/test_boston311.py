"""Deadlines that a city's own system set, reproduced.

City of Boston 311 service requests, January to March 2015 (City of Boston open data, PDDL). The system
stores a deadline that falls on closing time as the next opening; half of the rows lost their seconds.
"""

import csv
import json
import lzma
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.calendar.schedules import Schedules, weekly
from tests.oracle.business_time import Calendar, Holiday

SLICE = Path(__file__).resolve().parent.parent / "data"
TOLERANCE = timedelta(seconds=61)


def rules(folder: Path) -> dict[str, Any]:
    """The city's calendar and its targets in business days."""
    found: dict[str, Any] = json.loads((folder / "boston311_rules.json").read_text())
    return found


def reproduced(schedules: Schedules, rows: Iterable[dict[str, str]], rule: dict[str, Any]) -> tuple[int, int]:
    """How many deadlines the database reproduces, and of how many."""
    calendar = Calendar(
        rule["timezone"],
        weekly("08:30", "17:00"),
        tuple(Holiday(date.fromisoformat(day)) for day in rule["holidays"]),
    )
    schedule_id = schedules.create(calendar)
    zone = ZoneInfo(rule["timezone"])
    targets = rule["target_business_days_by_type"]
    opened, days, theirs = [], [], []
    for row in rows:
        opened.append(datetime.fromisoformat(row["open_dt"]).replace(tzinfo=zone).astimezone(UTC))
        theirs.append(datetime.fromisoformat(row["target_dt"]).replace(tzinfo=zone).astimezone(UTC))
        days.append(targets[row["type"]])
    ours = schedules.db.execute(
        """
        select sla.next_business_time(
            %(schedule)s, sla.add_business_time(%(schedule)s, opened, days * %(day)s))
        from unnest(%(opened)s::timestamptz[], %(days)s::int[]) with ordinality as t (opened, days, place)
        order by place
        """,
        {
            "schedule": schedule_id,
            "day": timedelta(minutes=rule["minutes_per_business_day"]),
            "opened": opened,
            "days": days,
        },
    ).fetchall()
    close = [abs(mine - their) <= TOLERANCE for (mine,), their in zip(ours, theirs, strict=True)]
    return sum(close), len(close)


def test_the_whole_quarter(schedules: Schedules, shared_data: Path) -> None:
    with lzma.open(shared_data / "boston311_2015q1.csv.xz", "rt", newline="") as file:
        found, total = reproduced(schedules, csv.DictReader(file), rules(shared_data))
    assert total == 4153
    assert found >= 4149


def test_a_slice(schedules: Schedules) -> None:
    with (SLICE / "boston311.csv").open(newline="") as file:
        found, total = reproduced(schedules, csv.DictReader(file), rules(SLICE))
    assert (found, total) == (104, 104)
