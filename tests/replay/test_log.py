"""Reading logs, good and bad."""

import gzip
import lzma
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from slapg.errors import SlapgError
from slapg.replay.log import Log, read_log
from slapg.replay.steps import Deed, Step, incidents, steps
from slapg.resources import sample_log
from tests.replay.logs import HEADER, row, write

UTC_ZONE = ZoneInfo("UTC")


def read(path: Path) -> Log:
    return read_log(path, UTC_ZONE)


def played(path: Path) -> list[Step]:
    return steps(incidents(read(path)))


def test_a_row_is_read_with_its_local_time_as_an_instant(tmp_path: Path) -> None:
    file = write(tmp_path / "log.csv", row("INC1", "New", "7/6/2016 09:30", assignee="Ann"))
    [found] = read_log(file, ZoneInfo("Europe/London")).rows
    assert found.at == datetime(2016, 6, 7, 8, 30, tzinfo=UTC)
    assert (found.line, found.number, found.level, found.priority) == (2, "INC1", 3, "Moderate")
    assert (found.group, found.assignee, found.title) == ("Group 1", "Ann", "Category 1")


def test_iso_times_are_read_too(tmp_path: Path) -> None:
    file = write(
        tmp_path / "log.csv",
        row("INC1", "New", "2016-06-07 09:30", opened_at="2016-06-07T09:00:00+02:00"),
    )
    [found] = read(file).rows
    assert found.opened_at == datetime(2016, 6, 7, 7, tzinfo=UTC)
    assert found.at == datetime(2016, 6, 7, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(("suffix", "pack"), [(".csv.gz", gzip.compress), (".csv.xz", lzma.compress)])
def test_packed_logs_are_read(tmp_path: Path, suffix: str, pack: object) -> None:
    plain = write(tmp_path / "log.csv", row("INC1", "New", "7/3/2016 09:30"))
    file = tmp_path / f"log{suffix}"
    file.write_bytes(pack(plain.read_bytes()))  # type: ignore[operator]
    assert [found.number for found in read(file).rows] == ["INC1"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row("?", "New", "7/3/2016 09:30"), "number is missing"),
        (row("INC1", "-100", "7/3/2016 09:30"), "incident_state '-100' is unknown"),
        (row("INC1", "New", "31/2/2016 09:30"), "sys_updated_at '31/2/2016 09:30' is no time"),
        (row("INC1", "New", "soon"), "sys_updated_at 'soon' is no time"),
        (row("INC1", "New", "7/3/2016 09:30", opened_at="1/1/1970 00:00"), "before 1990"),
        (row("INC1", "New", "7/3/2016 09:30", priority="urgent"), "priority 'urgent' is not like"),
        ("INC1,New", "priority is missing"),
        (row("INC\0", "New", "7/3/2016 09:30"), "number holds a zero byte"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_are_kept(
    tmp_path: Path, line: str, reason: str
) -> None:
    good = [row("INC8", "New", "7/3/2016 09:30"), row("INC9", "New", "7/3/2016 09:30")]
    log = read(write(tmp_path / "log.csv", good[0], line, good[1]))
    assert [found.number for found in log.rows] == ["INC8", "INC9"]
    [(number, said)] = log.skipped
    assert number == 3
    assert reason in said


def test_mixed_encodings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    lines = [
        ("\ufeff" + HEADER).encode(),
        row("INC1", "New", "7/3/2016 09:30", assignee="Zoë").encode("utf-8"),
        row("INC2", "New", "7/3/2016 09:30", assignee="Zoë").encode("cp1252"),
    ]
    file.write_bytes(b"\n".join(lines))
    log = read(file)
    assert [found.assignee for found in log.rows] == ["Zoë", "Zoë"]
    assert log.skipped == []


@pytest.mark.parametrize("header", ["", "number,incident_state", "a;b;c"])
def test_a_file_without_the_columns_is_refused_by_their_names(tmp_path: Path, header: str) -> None:
    with pytest.raises(SlapgError, match=r"it lacks the columns .*opened_at, sys_updated_at") as caught:
        read(write(tmp_path / "log.csv", header=header))
    assert caught.value.exit_code == 2


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SlapgError, match="there is no file"):
        read(tmp_path / "none.csv")
    broken = tmp_path / "log.csv.xz"
    broken.write_bytes(b"not xz at all")
    with pytest.raises(SlapgError, match="cannot be read"):
        read(broken)


def test_a_history_becomes_what_the_desk_did(tmp_path: Path) -> None:
    file = write(
        tmp_path / "log.csv",
        row("INC1", "New", "7/3/2016 09:05"),
        row("INC1", "New", "7/3/2016 09:06"),
        row("INC1", "Active", "7/3/2016 10:00", assignee="Ann"),
        row("INC1", "Awaiting User Info", "7/3/2016 10:30", assignee="?"),
        row("INC1", "Resolved", "7/3/2016 12:00", assignee="Ann"),
        row("INC1", "Closed", "12/3/2016 12:00", assignee="Ann"),
        row("INC1", "Active", "13/3/2016 12:00", assignee="Ann", priority="2 - High"),
    )
    did = [(step.deed, step.row.state, step.fields, step.closes, step.reopens) for step in played(file)]
    assert did == [
        (Deed.OPEN, "New", (), False, False),
        (Deed.REPLY, "Active", (), False, False),
        (Deed.CHANGE, "Active", ("state", "assignee"), False, False),
        (Deed.CHANGE, "Awaiting User Info", ("state",), False, False),
        (Deed.CHANGE, "Resolved", ("state",), True, False),
        (Deed.CHANGE, "Closed", ("state",), False, False),
        (Deed.CHANGE, "Active", ("state", "priority"), False, True),
    ]


def test_steps_of_all_incidents_are_in_the_order_of_time(tmp_path: Path) -> None:
    file = write(
        tmp_path / "log.csv",
        row("INC1", "New", "7/3/2016 09:05"),
        row("INC1", "Resolved", "7/3/2016 11:00"),
        row("INC2", "New", "7/3/2016 10:00"),
        row("INC2", "Resolved", "7/3/2016 10:30"),
    )
    assert [step.row.number for step in played(file)] == ["INC1", "INC2", "INC2", "INC1"]


def test_an_incident_opened_long_after_its_first_row_is_left_out(tmp_path: Path) -> None:
    log = read(
        write(
            tmp_path / "log.csv",
            row("INC1", "New", "7/3/2016 09:05", opened_at="9/3/2016 09:00"),
            row("INC2", "New", "7/3/2016 09:05", opened_at="7/3/2016 10:00"),
        )
    )
    assert [incident.number for incident in incidents(log)] == ["INC2"]
    assert log.skipped == [(2, "INC1 was opened over a day after this row")]


def test_the_sample_is_a_good_log() -> None:
    log = read(sample_log())
    assert log.skipped == []
    assert len(incidents(log)) == 400
