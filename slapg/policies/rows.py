"""Lists of a file as the rows of a table, and back: equal rows are written in one way only."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from slapg.policies.fields import WEEK, Span
from slapg.policies.model import Board, Client, Entry, Holiday, Policy, Priority, Schedule, Settings, Target
from slapg.policies.model import Threshold as ThresholdPart

Model = TypeVar("Model", Settings, Priority, Schedule, Policy, Board, Client)
NOTIFIED = ("assignee", "board_manager", "escalation_manager")


class EntryRow(NamedTuple):
    """What counts of a row of `sla.schedule_entries`; times as texts, for Python knows no 24:00."""

    day_of_week: int
    start_time: str
    end_time: str
    is_enabled: bool
    valid_from: date | None
    valid_to: date | None


class HolidayRow(NamedTuple):
    """What counts of a row of `sla.holidays`; a yearly date is month and day only."""

    date: str
    name: str
    start_time: str | None
    end_time: str | None


def entry_rows(entry: Entry) -> list[EntryRow]:
    """One row a day and interval."""
    return [
        EntryRow(day, start, end, entry.is_enabled, entry.valid_from, entry.valid_to)
        for day in entry.days
        for start, end in entry.hours
    ]


def holiday_rows(holiday: Holiday) -> list[HolidayRow]:
    """One row an interval, or one for the whole day."""
    spans: Iterable[Span | tuple[None, None]] = holiday.hours or [(None, None)]
    return [HolidayRow(holiday.date, holiday.name, start, end) for start, end in spans]


def entries_of(rows: Iterable[EntryRow]) -> tuple[Entry, ...]:
    """Days with the same hours and validity together, Monday first."""
    Validity = tuple[date | None, date | None, bool]  # noqa: N806
    weeks: dict[Validity, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for row in set(rows):
        weeks[row.valid_from, row.valid_to, row.is_enabled][row.day_of_week].append(
            (row.start_time, row.end_time)
        )
    found: list[Entry] = []
    for (valid_from, valid_to, is_enabled), week in weeks.items():
        by_hours: dict[tuple[Span, ...], list[int]] = defaultdict(list)
        for day in WEEK:
            if day in week:
                by_hours[tuple(sorted(week[day]))].append(day)
        found += [
            Entry.model_construct(
                days=tuple(days), hours=hours, valid_from=valid_from, valid_to=valid_to, is_enabled=is_enabled
            )
            for hours, days in by_hours.items()
        ]
    return tuple(sorted(found, key=_entry_order))


def _entry_order(entry: Entry) -> tuple[object, ...]:
    return (
        entry.valid_from or date.min,
        entry.valid_to or date.max,
        not entry.is_enabled,
        WEEK.index(entry.days[0]),
        entry.hours,
    )


def holidays_of(rows: Iterable[HolidayRow]) -> tuple[Holiday, ...]:
    """Intervals of one day and name together; yearly ones first, then by date."""
    days: dict[tuple[str, str, bool], list[Span]] = defaultdict(list)
    for row in set(rows):
        spans = days[row.date, row.name, row.start_time is None]
        if row.start_time is not None and row.end_time is not None:
            spans.append((row.start_time, row.end_time))
    found = [
        Holiday.model_construct(date=on, name=name, hours=tuple(sorted(spans)) or None)
        for (on, name, _), spans in days.items()
    ]
    return tuple(sorted(found, key=lambda item: (len(item.date), item.date, item.name, item.hours or ())))


def canonical_holidays(holidays: Iterable[Holiday]) -> tuple[Holiday, ...]:
    """The one way to write these holidays."""
    return holidays_of(row for holiday in holidays for row in holiday_rows(holiday))


def canonical(thing: Model) -> Model:
    """The one way to write what it says."""
    if isinstance(thing, Schedule):
        return thing.model_copy(
            update={
                "entries": entries_of(row for entry in thing.entries for row in entry_rows(entry)),
                "holidays": canonical_holidays(thing.holidays),
            }
        )
    if isinstance(thing, Policy):
        return thing.model_copy(
            update={
                "targets": {name: _target(target) for name, target in thing.targets.items()},
                "thresholds": {
                    percent: _threshold(threshold) for percent, threshold in sorted(thing.thresholds.items())
                },
            }
        )
    if isinstance(thing, Board):
        return thing.model_copy(
            update={
                "escalation_managers": dict(sorted(thing.escalation_managers.items())),
                "pausing_statuses": tuple(sorted(set(thing.pausing_statuses))),
            }
        )
    return thing


def _target(target: Target) -> Target:
    percents = target.escalation_percents
    while percents and percents[-1] is None:
        percents = percents[:-1]
    return target.model_copy(update={"escalation_percents": percents})


def _threshold(threshold: ThresholdPart) -> ThresholdPart:
    told = tuple(who for who in NOTIFIED if who in threshold.notify)
    return threshold.model_copy(update={"notify": told})
