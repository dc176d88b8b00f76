"""Events of an iCalendar file as holidays: whole days, parts of days, repetitions."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from slapg.errors import SlapgError
from slapg.policies.rows import HolidayRow
from slapg.schedules.ics import calendar_holidays

YEARS = range(2026, 2029)
Read = Callable[..., list[str]]


def event(*lines: str, name: str = "Fair", uid: str = "1") -> str:
    """One event with these properties."""
    return "\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20250101T000000Z", f"SUMMARY:{name}", *lines, "END:VEVENT"]
    )


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The holidays of a calendar with these events, as short texts."""

    def holidays(*events: str, years: range = YEARS, zone: str = "Europe/Berlin") -> list[str]:
        path = tmp_path / "holidays.ics"
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""]
        path.write_text("\r\n".join("\n".join(lines).split("\n")))
        return [words(row) for row in calendar_holidays(str(path), years, zone)]

    return holidays


def words(row: HolidayRow) -> str:
    part = f" {row.start_time}-{row.end_time}" if row.start_time else ""
    return f"{row.date}{part} {row.name}"


def test_a_day_and_several_days(read: Read) -> None:
    assert read(
        event("DTSTART;VALUE=DATE:20260501", "DTEND;VALUE=DATE:20260502", name="May Day"),
        event("DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270102", name="Turn", uid="2"),
        event("DTSTART;VALUE=DATE:20250501", name="Before", uid="3"),
        event("DTSTART;VALUE=DATE:20260601", name="Bare", uid="4"),
    ) == ["2026-05-01 May Day", "2026-06-01 Bare", "2026-12-30 Turn", "2026-12-31 Turn", "2027-01-01 Turn"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY", ["12-25 Fair"]),
        ("FREQ=YEARLY;INTERVAL=1;WKST=MO", ["12-25 Fair"]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", ["12-25 Fair"]),
        ("FREQ=YEARLY;BYMONTH=12", ["12-25 Fair"]),
        ("FREQ=YEARLY;INTERVAL=2", ["2026-12-25 Fair", "2028-12-25 Fair"]),
        ("FREQ=YEARLY;UNTIL=20271225", ["2026-12-25 Fair", "2027-12-25 Fair"]),
        ("FREQ=YEARLY;COUNT=4", ["2026-12-25 Fair", "2027-12-25 Fair"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-11-26 Fair", "2027-11-25 Fair", "2028-11-23 Fair"]),
    ],
)
def test_what_comes_back_every_year_is_yearly_and_the_rest_is_written_out(
    read: Read, rule: str, expected: list[str]
) -> None:
    assert read(event("DTSTART;VALUE=DATE:20241225", f"RRULE:{rule}")) == expected


def test_a_yearly_day_that_begins_later_is_written_out(read: Read) -> None:
    assert read(event("DTSTART;VALUE=DATE:20270301", "RRULE:FREQ=YEARLY")) == [
        "2027-03-01 Fair",
        "2028-03-01 Fair",
    ]


def test_exceptions_of_a_yearly_day(read: Read) -> None:
    moved = event("RECURRENCE-ID;VALUE=DATE:20270301", "DTSTART;VALUE=DATE:20270302", name="Moved")
    assert read(event("DTSTART;VALUE=DATE:20200301", "RRULE:FREQ=YEARLY"), moved) == [
        "2026-03-01 Fair",
        "2027-03-02 Moved",
        "2028-03-01 Fair",
    ]
    skipped = event("DTSTART;VALUE=DATE:20200301", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20270301")
    assert read(skipped) == ["2026-03-01 Fair", "2028-03-01 Fair"]


def test_half_days_in_the_zone_of_the_schedule(read: Read) -> None:
    assert read(
        event(
            "DTSTART;TZID=Europe/Berlin:20261224T120000",
            "DTEND;TZID=Europe/Berlin:20261225T000000",
            name="Eve",
        ),
        event("DTSTART:20261231T110000Z", "DTEND:20261231T130000Z", name="UTC", uid="2"),
        event("DTSTART:20261230T140000", "DURATION:PT2H", name="Floating", uid="3"),
        event("DTSTART:20260801T200000", "DTEND:20260803T060000", name="Move", uid="4"),
        event("DTSTART:20260901T090000", name="No length", uid="5"),
    ) == [
        "2026-08-01 20:00-24:00 Move",
        "2026-08-02 Move",
        "2026-08-03 00:00-06:00 Move",
        "2026-12-24 12:00-24:00 Eve",
        "2026-12-30 14:00-16:00 Floating",
        "2026-12-31 12:00-14:00 UTC",
    ]


def test_a_yearly_half_day_is_yearly_only_in_its_own_zone(read: Read) -> None:
    def eve(zone: str) -> str:
        return event(
            f"DTSTART;TZID={zone}:20201224T120000", f"DTEND;TZID={zone}:20201224T180000", "RRULE:FREQ=YEARLY"
        )

    assert read(eve("Europe/Berlin")) == ["12-24 12:00-18:00 Fair"]
    assert read(eve("Europe/London"), years=range(2026, 2027)) == ["2026-12-24 13:00-19:00 Fair"]


def test_events_of_one_day_share_a_row_and_cancelled_ones_have_none(read: Read) -> None:
    assert read(
        event("DTSTART;VALUE=DATE:20260501", name="One"),
        event("DTSTART;VALUE=DATE:20260501", name="Two", uid="2"),
        event("DTSTART;VALUE=DATE:20260501", name="One", uid="3"),
        event("DTSTART;VALUE=DATE:20260501", "STATUS:CANCELLED", name="Off", uid="4"),
        event("DTSTART;VALUE=DATE:20200502", "RRULE:FREQ=YEARLY", "STATUS:CANCELLED", name="Off", uid="5"),
    ) == ["2026-05-01 One; Two"]


@pytest.mark.parametrize("content", ["", "nothing", "END:VCALENDAR", "\xff\xfe"])
def test_what_is_no_calendar(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.ics"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(SlapgError, match=r"cannot be read as an iCalendar file") as refusal:
        calendar_holidays(str(path), YEARS, "UTC")
    assert refusal.value.exit_code == 2


def test_an_event_without_a_start(read: Read) -> None:
    with pytest.raises(SlapgError, match="cannot be read as an iCalendar file"):
        read(event("RRULE:FREQ=YEARLY"))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a folder that a web server shows."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_address(read: Read, served: str) -> None:
    read(event("DTSTART;VALUE=DATE:20260501"))
    found = calendar_holidays(f"{served}/holidays.ics", YEARS, "UTC")
    assert [words(row) for row in found] == ["2026-05-01 Fair"]
    with pytest.raises(SlapgError, match=r"none.ics cannot be fetched: "):
        calendar_holidays(f"{served}/none.ics", YEARS, "UTC")
