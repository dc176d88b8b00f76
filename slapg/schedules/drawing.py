"""A schedule as a page for the terminal: 80 columns, and without colours it reads the same."""

import calendar
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from slapg.policies.fields import hours_words
from slapg.schedules.schedule import Schedule
from slapg.schedules.view import Day

HALF_HOURS = 48
SLACK = 15
"""Minutes of a half hour that make it count as open."""
MONTHS_ABREAST = 3
MARKS = {"open": ("", ""), "closed": (".", "dim"), "holiday": ("*", "red"), "part": ("~", "yellow")}


def draw(schedule: Schedule, week: list[Day], months: list[list[Day]]) -> RenderableType:
    """The week as bars, the months as calendars, their holidays as a list."""
    parts: list[RenderableType] = [_head(schedule), "", _week(schedule, week)]
    for place in range(0, len(months), MONTHS_ABREAST):
        parts += ["", _abreast(schedule, months[place : place + MONTHS_ABREAST])]
    if months:
        parts += ["", Text("9 open   9. closed   9* holiday   9~ holiday in part", style="dim")]
    holidays = [day for month in months for day in month if day.holidays]
    if holidays:
        parts += ["", _list(holidays)]
    return Group(*parts)


def _head(schedule: Schedule) -> Text:
    about = [f"times of {schedule.timezone}"]
    about += ["the default schedule"] if schedule.is_default else []
    about += ["24x7 whatever the holidays"] if schedule.is_24x7 else []
    return Text.assemble((schedule.name, "bold"), f"  {', '.join(about)}")


def _week(schedule: Schedule, week: list[Day]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=True, header_style="dim")
    table.add_column("")
    table.add_column("0     6     12    18", no_wrap=True, width=HALF_HOURS // 2)
    table.add_column("")
    for day in week:
        words = hours_words(day.opens) or "closed"
        names = ", ".join(_holiday_words(day))
        told = Text(words, style="" if day.opens else "dim")
        if names:
            told.append(f"  {names}", style="yellow")
        today = "bold" if day.date == schedule.today else ""
        table.add_row(Text(f"{day.date:%a %d %b}", style=today), Text(bar(day), style="green"), told)
    return table


def bar(day: Day) -> str:
    """The 24 hours of a day in 24 characters, half hours as half blocks."""
    halves = [False] * HALF_HOURS
    for start, end in day.opens:
        first, last = _minutes(start), _minutes(end)
        for half in range(HALF_HOURS):
            shared = min(last, 30 * half + 30) - max(first, 30 * half)
            halves[half] = halves[half] or shared >= SLACK
    blocks = {(True, True): "█", (True, False): "▌", (False, True): "▐", (False, False): "·"}
    return "".join(blocks[halves[place], halves[place + 1]] for place in range(0, HALF_HOURS, 2))


def _minutes(clock: str) -> float:
    hour, minute, *second = clock.split(":")
    return int(hour) * 60 + int(minute) + (float(second[0]) / 60 if second else 0)


def _holiday_words(day: Day) -> Iterator[str]:
    for holiday in day.holidays:
        yield f"{holiday.name} ({'-'.join(holiday.hours)})" if holiday.hours else holiday.name


def _abreast(schedule: Schedule, months: list[list[Day]]) -> Table:
    table = Table.grid(padding=(0, 3))
    table.add_row(*(_month(schedule, month) for month in months))
    return table


def _month(schedule: Schedule, days: list[Day]) -> Text:
    first = days[0].date
    text = Text(f"{first:%B %Y}".center(20) + "\n", style="")
    text.append(" ".join(name[:2] for name in calendar.day_abbr) + "\n", style="dim")
    text.append("   " * first.weekday())
    for day in days:
        mark, style = MARKS[state(day, is_24x7=schedule.is_24x7)]
        today = " reverse" if day.date == schedule.today else ""
        text.append(f"{day.date.day:>2}", style=f"{style}{today}".strip())
        text.append(mark or " ", style=style)
        if day.date.weekday() == 6:
            text.append("\n")
    return text


def state(day: Day, *, is_24x7: bool) -> str:
    """`holiday` when one takes the whole date, `part` when it leaves some of it, `open` or `closed`."""
    if day.holidays and not is_24x7:
        return "part" if all(holiday.hours for holiday in day.holidays) else "holiday"
    return "open" if day.opens else "closed"


def _list(days: list[Day]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("holidays", no_wrap=True)
    table.add_column("")
    for day in days:
        table.add_row(f"{day.date:%a %d %b %Y}", ", ".join(_holiday_words(day)))
    return table
