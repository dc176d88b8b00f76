"""The example of docs/python.md runs as it is printed, and prints what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def _block(language: str) -> str:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return block


def test_the_example_runs(db: psycopg.Connection[Any], db_url: str, tmp_path: Path) -> None:
    script = tmp_path / "try_slapg.py"
    script.write_text(_block("python"))
    environment = os.environ | {"SLAPG_DSN": db_url}
    run = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == _block("text")
    assert db.execute("select count(*) from helpdesk.tickets").fetchone() == (0,)


def test_the_narrow_grant_is_enough(db: psycopg.Connection[Any], db_url: str) -> None:
    role = f"{db.info.dbname}_narrow"
    grants = re.findall(r"^    (grant .*?;)$", PAGE.read_text(), re.MULTILINE)
    assert len(grants) == 2
    db.execute("insert into helpdesk.tickets default values")
    db.execute(f"create role {role} login")
    try:
        for grant in grants:
            db.execute(grant.replace("my_app", role))
        row = db.execute("select ticket_id from helpdesk.tickets").fetchone()
        with psycopg.connect(db_url, user=role) as narrow:
            narrow.execute("select sla.pause(%s)", row)
        assert db.execute("select reason from sla.pauses").fetchall() == [("manual",)]
    finally:
        db.execute(f"drop owned by {role}")
        db.execute(f"drop role {role}")
