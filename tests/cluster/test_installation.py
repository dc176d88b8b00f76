"""A machine without PostgreSQL, or without an extension, gets one line with the command that mends it."""

from pathlib import Path

import pytest

from slapg.cluster import installation
from slapg.errors import SlapgError


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only programs are those put into the returned folder (and apt-get)."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setattr(installation, "PROGRAM_FOLDERS", ())
    monkeypatch.setenv("PATH", str(programs))
    _program(programs, "apt-get", "exit 0")
    return programs


def _program(folder: Path, name: str, body: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


def _install(programs: Path, version: str, *extensions: str) -> None:
    share = programs / "share"
    (share / "extension").mkdir(parents=True)
    for extension in extensions:
        (share / "extension" / f"{extension}.control").touch()
    _program(programs, "postgres", f"echo 'postgres (PostgreSQL) {version}'")
    _program(programs, "initdb", "exit 0")
    _program(programs, "pg_config", f'[ "$1" = --sharedir ] && echo {share} || echo {programs}')


def test_no_server(bare_machine: Path) -> None:
    with pytest.raises(SlapgError, match="PostgreSQL 15 or newer is not installed") as caught:
        installation.find_installation()
    assert caught.value.hint == "sudo apt-get install postgresql, then try again"


def test_old_server(bare_machine: Path) -> None:
    _install(bare_machine, "14.9", "pg_cron", "plpython3u")
    with pytest.raises(SlapgError, match="PostgreSQL 15 or newer is not installed"):
        installation.find_installation()


def test_missing_extensions_are_named_with_their_packages(bare_machine: Path) -> None:
    _install(bare_machine, "16.3 (Debian 16.3-1)")
    with pytest.raises(SlapgError, match="PostgreSQL 16 lacks pg_cron and plpython3u") as caught:
        installation.find_installation()
    assert caught.value.hint == "sudo apt-get install postgresql-16-cron postgresql-plpython3-16"


def test_without_apt_the_extension_is_named(bare_machine: Path) -> None:
    (bare_machine / "apt-get").unlink()
    _install(bare_machine, "17beta1", "plpython3u")
    with pytest.raises(SlapgError, match="PostgreSQL 17 lacks pg_cron") as caught:
        installation.find_installation()
    assert caught.value.hint == "install pg_cron for PostgreSQL 17 with this system's package manager"


def test_complete_server_is_found(bare_machine: Path) -> None:
    _install(bare_machine, "15.7", "pg_cron", "plpython3u")
    assert installation.find_installation().major == 15


def test_cluster_keeps_to_its_major_version(bare_machine: Path) -> None:
    _install(bare_machine, "16.3", "pg_cron", "plpython3u")
    with pytest.raises(SlapgError, match="PostgreSQL 15 is not installed"):
        installation.find_installation(15)
