"""Finding PostgreSQL's programs on this machine, and saying what is missing."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from slapg.errors import SlapgError

OLDEST_MAJOR = 15
# Debian's names, which the packages of the PostgreSQL project share; {} is the major version.
DEBIAN_PACKAGES = {"pg_cron": "postgresql-{}-cron", "plpython3u": "postgresql-plpython3-{}"}
PROGRAM_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin")


@dataclass(frozen=True)
class Installation:
    """The programs of one major version of PostgreSQL."""

    programs: Path
    major: int

    def missing_extensions(self) -> list[str]:
        """Which extensions slapg needs and this installation lacks; unknown (empty) without pg_config."""
        pg_config = self.programs / "pg_config"
        if not pg_config.exists():
            return []
        share = subprocess.run([pg_config, "--sharedir"], capture_output=True, text=True, check=True)
        folder = Path(share.stdout.strip()) / "extension"
        return [name for name in DEBIAN_PACKAGES if not (folder / f"{name}.control").exists()]


def find_installation(major: int | None = None) -> Installation:
    """The newest PostgreSQL (≥ 15, or exactly `major`) that has the extensions slapg needs.

    Raises `SlapgError` with the command that installs what is missing.
    """
    found = sorted(set(_installations()), key=lambda each: each.major, reverse=True)
    fitting = [each for each in found if (each.major == major if major else each.major >= OLDEST_MAJOR)]
    if not fitting:
        wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
        raise SlapgError(f"{wanted} is not installed on this machine", hint=_server_hint())
    for each in fitting:
        if not each.missing_extensions():
            return each
    newest = fitting[0]
    missing = newest.missing_extensions()
    raise SlapgError(
        f"PostgreSQL {newest.major} lacks {' and '.join(missing)}",
        hint=_extension_hint(newest.major, missing),
    )


def _server_hint() -> str:
    if shutil.which("apt-get"):
        return "sudo apt-get install postgresql, then try again"
    return "install its server with this system's package manager, then try again"


def _extension_hint(major: int, missing: list[str]) -> str:
    if shutil.which("apt-get"):
        packages = (DEBIAN_PACKAGES[name].format(major) for name in missing)
        return f"sudo apt-get install {' '.join(packages)}"
    return f"install {' and '.join(missing)} for PostgreSQL {major} with this system's package manager"


def _installations() -> Iterator[Installation]:
    for folder in _program_folders():
        version = _version_of(folder)
        if version is not None and (folder / "initdb").exists():
            yield Installation(folder, version)


def _program_folders() -> Iterator[Path]:
    for pattern in PROGRAM_FOLDERS:
        yield from Path("/").glob(pattern)
    for program in ("postgres", "pg_ctl"):
        if found := shutil.which(program):
            yield Path(found).resolve().parent
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip())


def _version_of(folder: Path) -> int | None:
    server = folder / "postgres"
    if not server.exists():
        return None
    answer = subprocess.run([server, "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\b(\d+)(?:\.\d+|devel|beta\d+|rc\d+)", answer.stdout)
    return int(match[1]) if match else None
