"""The operating-system account that the server runs under: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from slapg.cluster.home import write_private
from slapg.errors import SlapgError

SERVER_ACCOUNT = "postgres"


@dataclass(frozen=True)
class Account:
    """One account of the operating system."""

    name: str
    uid: int
    gid: int
    home: str

    @classmethod
    def for_server(cls, server_dir: Path) -> "Account":
        """Who runs the server: the caller; when root calls, the owner of `server_dir`, else `postgres`."""
        if os.geteuid() != 0:
            return cls._of(pwd.getpwuid(os.geteuid()))
        if server_dir.exists() and (owner := server_dir.stat().st_uid) != 0:
            return cls._of(pwd.getpwuid(owner))
        try:
            return cls._of(pwd.getpwnam(SERVER_ACCOUNT))
        except KeyError:
            raise SlapgError(
                f"PostgreSQL does not run as root, and this machine has no account {SERVER_ACCOUNT}",
                hint=f"create it with: useradd --system {SERVER_ACCOUNT}",
            ) from None

    @classmethod
    def _of(cls, entry: pwd.struct_passwd) -> "Account":
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run `command` under this account and return what it did; the exit code is the caller's to judge.

        The environment is minimal: PG… or PYTHON… variables of the caller must not reach the server.
        """
        change = self.uid != os.geteuid()
        return subprocess.run(
            [str(part) for part in command],
            user=self.uid if change else None,
            group=self.gid if change else None,
            extra_groups=[] if change else None,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": self.home},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may reach files below `folder` (asked of the kernel: ACLs count)."""
        probe = shutil.which("test") or "/usr/bin/test"
        return self.run([probe, "-x", folder]).returncode == 0

    def write(self, file: Path, text: str) -> None:
        """Write a file that belongs to this account and that nobody else (but root) can read."""
        write_private(file, text)
        os.chown(file, self.uid, self.gid)

    def make_private(self, folder: Path) -> None:
        """Make `folder` one that only this account (and root) can enter.

        Raises `SlapgError` when the path belongs to somebody else: names below /tmp can be guessed.
        """
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, self.uid, self.gid)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (self.uid, os.geteuid()):
                raise SlapgError(
                    f"{folder} exists and is not a folder of the account {self.name}",
                    hint="remove it, or choose another place with --dir",
                ) from None
            os.chown(folder, self.uid, self.gid)
            folder.chmod(0o700)
