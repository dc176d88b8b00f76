"""`slapg policy` and `slapg schedule` as they are typed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from slapg.policies.schema import schema_text
from tests.policies.test_apply import EXAMPLE

Slapg = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def slapg(db_url: str, tmp_path: Path) -> Slapg:
    """Runs `slapg` with these words in an empty folder, on the test's database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLAPG_")}

    def run(*words: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "slapg", *words],
            env=environment | {"SLAPG_DSN": db_url, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"} | variables,
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_from_a_file_and_back(slapg: Slapg, tmp_path: Path) -> None:
    tried = slapg("policy", "apply", str(EXAMPLE), "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert "created    policy Gold\n" in tried.stdout
    assert "  + targets > Critical > response: 15m\n" in tried.stdout
    assert "Nothing was changed; it would be: 8 created, 1 changed, 0 unchanged, 0 removed." in tried.stdout

    done = json.loads(slapg("policy", "apply", str(EXAMPLE), "--json").stdout)
    assert done["summary"] == {"created": 8, "changed": 1, "unchanged": 0, "removed": 0, "left": 0}
    assert done["objects"][0] == {
        "section": "settings",
        "name": None,
        "action": "changed",
        "changes": [{"key": ["timezone"], "old": "UTC", "new": "Europe/Amsterdam"}],
    }

    text = slapg("policy", "export").stdout
    assert slapg("policy", "export", "-o", "out.yaml").stdout == ""
    assert (tmp_path / "out.yaml").read_text() == text
    again = slapg("policy", "apply", "-", stdin=text.replace("resolution: 8h", "resolution: 9h"))
    assert "  ~ targets > High > resolution: 8h -> 9h\n" in again.stdout
    assert "Open tickets keep the terms of a policy until sla.recalculate(policy_id)." in again.stdout


def test_a_wrong_file_is_exit_code_2_and_one_line_a_problem(slapg: Slapg, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("policies:\n  Gold:\n    is_defalt: true\nsettings: []\n")
    answer = slapg("policy", "apply", "wrong.yaml")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.splitlines() == [
        "error: wrong.yaml, line 3, column 5: policies > Gold > is_defalt: is no key of a policy file here",
        "wrong.yaml, line 4, column 11: settings: expected keys with values, found a list",
    ]


def test_what_the_database_refuses_is_exit_code_1(slapg: Slapg) -> None:
    answer = slapg("policy", "apply", "-", stdin="schedules: {A: {timezone: Mars}}")
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: standard input, line 1, column 16: schedules > A: ")
    assert "\nhint: Use an IANA name" in answer.stderr
    slapg("policy", "apply", "-", stdin="policies: {A: {is_default: true}}")
    pruned = slapg("policy", "apply", "-", "--prune", stdin="policies: {}")
    assert pruned.returncode == 1
    assert pruned.stderr.startswith('error: policy "A" is in use: the default policy [SL019]\nhint: ')


def test_a_file_that_is_not_there(slapg: Slapg) -> None:
    answer = slapg("policy", "apply", "none.yaml")
    assert (answer.returncode, answer.stderr) == (1, "error: No such file or directory: none.yaml\n")


def test_schema(slapg: Slapg) -> None:
    assert slapg("policy", "schema").stdout == schema_text()


def test_schedules(slapg: Slapg, tmp_path: Path) -> None:
    slapg("policy", "apply", str(EXAMPLE))
    assert slapg("schedule", "list").stdout.splitlines()[:4] == [
        "Amsterdam  Europe/Amsterdam, the default schedule",
        "  mon-thu 09:00-12:30, 13:00-17:30",
        "  fri 09:00-12:30, 13:00-16:00",
        "  6 holidays, counts for Gold",
    ]
    assert json.loads(slapg("schedule", "list", "--json").stdout)[0]["name"] == "Amsterdam"

    words = ["schedule", "import-holidays", "Amsterdam", "--country", "nl", "--years", "2026"]
    tried = slapg(*words, "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert "changed    Mon 06 Apr 2026  Tweede paasdag  (was Easter Monday)\n" in tried.stdout
    assert "added      Mon 25 May 2026  Tweede pinksterdag\n" in tried.stdout
    done = json.loads(slapg(*words, "--json").stdout)
    assert {
        "action": "changed",
        "date": "2026-04-06",
        "name": "Tweede paasdag",
        "old_name": "Easter Monday",
    }.items() <= next(item for item in done["holidays"] if item["date"] == "2026-04-06").items()
    assert {item["action"] for item in json.loads(slapg(*words, "--json").stdout)["holidays"]} == {
        "unchanged",
        "covered",
    }

    shown = slapg("schedule", "show", "Amsterdam", "--from", "2026-05-18", "--months", "1").stdout
    assert "Mon 25 May 2026  Tweede pinksterdag" in shown
    assert max(map(len, shown.splitlines())) <= 80
    page = json.loads(slapg("schedule", "show", "Amsterdam", "--from", "2026-05-18", "--json").stdout)
    assert [month["month"] for month in page["months"]] == ["2026-05", "2026-06", "2026-07"]
    assert page["months"][0]["days"][24] == {
        "date": "2026-05-25",
        "opens": [],
        "holidays": [{"name": "Tweede pinksterdag", "hours": None}],
    }
    assert page["week"][0]["opens"] == [["09:00", "12:30"], ["13:00", "17:30"]]


def test_wrong_use_of_the_import_is_exit_code_2(slapg: Slapg, db: psycopg.Connection[Any]) -> None:
    db.execute("insert into sla.schedules (name) values ('Office')")
    for words in ([], ["--country", "NL", "--ics", "x.ics"], ["--country", "NL", "--years", "soon"]):
        answer = slapg("schedule", "import-holidays", "Office", *words)
        assert answer.returncode == 2
        assert answer.stderr.startswith("error: expected ")
