"""What `slapg migrate` prints: short, unless more is asked for."""

import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest


@pytest.fixture
def printed(empty_db: str) -> Callable[..., list[str]]:
    def run(*words: str) -> list[str]:
        command = [sys.executable, "-m", "slapg", "migrate", "--dsn", empty_db, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    return run


def test_files_and_objects_are_counted(printed: Callable[..., list[str]]) -> None:
    up = printed()
    assert any(line.startswith("  applied  sql/views/ (") for line in up)
    assert len(up) < 40
    down = printed("--to", "base")
    assert any(line.startswith("  dropped  ") and line.endswith(" views") for line in down)


def test_a_file_alone_in_its_folder_is_named(empty_db: str, printed: Callable[..., list[str]]) -> None:
    printed()
    with psycopg.connect(empty_db) as connection:
        connection.execute("delete from slapg_meta.applied_sql where path = 'functions/session/now.sql'")
    assert "  applied  sql/functions/session/now.sql" in printed()


def test_verbose_names_each(printed: Callable[..., list[str]]) -> None:
    assert "  applied  sql/views/ticket_status.sql" in printed("--verbose")
    assert any("sla.ticket_status" in line for line in printed("--verbose", "--to", "base"))
