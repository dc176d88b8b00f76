"""docs/operations.md: its SQL runs, its commands exist, its lists are what doctor and sla.health answer."""

import re
from pathlib import Path
from typing import Any

import psycopg

from slapg.cli.app import COMMANDS
from slapg.doctor import examine

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()


def _first_column(heading: str) -> set[str]:
    rows = PAGE.partition(heading)[2].split("\n\n")[0].splitlines()[2:]
    return {name for row in rows for name in row.split("|")[1].replace("`", "").strip().split(" · ")}


def test_the_sql_runs(db: psycopg.Connection[Any]) -> None:
    blocks = re.findall(r"^ *```sql\n(.*?)^ *```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    for block in blocks:
        db.execute(block)


def test_the_commands_exist() -> None:
    named = set(re.findall(r"slapg ([a-z]+)\b", PAGE)) & {"migrate", "doctor", "listen", "replay", "verify"}
    assert len(named) == 5
    assert named <= set(COMMANDS)


def test_the_doctors_subjects(db: psycopg.Connection[Any], db_url: str) -> None:
    health = {name.replace("_", " ") for name in _first_column("| check | means |")}
    asked = db.execute("select replace(check_name, '_', ' ') from sla.health").fetchall()
    assert health == {name for (name,) in asked}
    answered = {finding.subject for finding in examine(db_url)}
    jobs = {subject for subject in answered if subject.startswith("job ")}
    assert jobs
    assert _first_column("| subject | looks at | level |") == (answered - jobs - health) | {"job …"}
