"""The command line's manners: help, one-line errors, exit codes, no secrets, no tracebacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from slapg import __version__
from slapg.cli.app import COMMANDS


def _slapg(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLAPG_")}
    return subprocess.run(
        [sys.executable, "-m", "slapg", *words],
        env=environment | variables,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    answer = _slapg(tmp_path, "--help")
    assert answer.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in answer.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    answer = _slapg(tmp_path, command, "--help")
    assert answer.returncode == 0, answer.stderr
    assert f"Usage: slapg {command}" in answer.stdout


def test_version(tmp_path: Path) -> None:
    assert _slapg(tmp_path, "--version").stdout == f"slapg {__version__}\n"


@pytest.mark.parametrize(
    "words", [["no-such-command"], ["db", "start", "--no-such-option"], ["db", "no-such"]]
)
def test_wrong_use_is_exit_code_2(tmp_path: Path, words: list[str]) -> None:
    answer = _slapg(tmp_path, *words)
    assert answer.returncode == 2
    assert "no-such" in answer.stderr


def test_no_database_given(tmp_path: Path) -> None:
    answer = _slapg(tmp_path, "migrate")
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == [
        "error: no database given, and no private cluster runs here",
        "hint: give --dsn or set SLAPG_DSN, or start a private cluster with: slapg db start",
    ]


def test_server_that_does_not_answer(tmp_path: Path) -> None:
    answer = _slapg(tmp_path, "migrate", SLAPG_DSN="postgresql://somebody:secret@127.0.0.1:1/desk")
    assert answer.returncode == 1
    first, second = answer.stderr.splitlines()
    assert first.startswith("error: cannot connect to database desk at 127.0.0.1:1: ")
    assert second.startswith("hint: ")
    assert "secret" not in answer.stderr


def test_dsn_that_cannot_be_read(tmp_path: Path) -> None:
    answer = _slapg(tmp_path, "migrate", "--dsn", "mysql://somebody:secret@host/desk")
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: the DSN cannot be read: ")
    assert "secret" not in answer.stderr


def test_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    answer = _slapg(tmp_path, "db", "start", "--dir", "/dev/null/here")
    assert answer.returncode == 1
    assert answer.stderr == "error: Not a directory: /dev/null/here\n"


def test_private_cluster_is_found_from_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / ".slapg").mkdir()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert f"home   {tmp_path}/.slapg" in _slapg(below, "db", "status").stdout
