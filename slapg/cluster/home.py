"""The folder that a private cluster is known by: its lock, its port and its password."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from slapg.errors import SlapgError

DIR_VARIABLE = "SLAPG_DB_DIR"


@dataclass(frozen=True)
class State:
    """What must outlive the server: the port it had last, and the superuser's password."""

    port: int
    password: str


class Home:
    """The files `cluster.json` (readable by its owner only) and `lock` of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state_file = folder / "cluster.json"
        self._lock_file = folder / "lock"

    def exists(self) -> bool:
        """Whether the state is there."""
        return self._state_file.exists()

    def read(self) -> State:
        """The state; raises `SlapgError` when the file was lost, for nobody else knows the password."""
        with self.ownership():
            try:
                return State(**json.loads(self._state_file.read_text()))
            except FileNotFoundError:
                raise SlapgError(
                    f"{self._state_file}, which holds the cluster's password, is gone",
                    hint="restore it, or start anew with: slapg db destroy && slapg db start",
                ) from None

    def write(self, state: State) -> None:
        """Replace the state as a whole: a reader or a crash never meets half a file."""
        fresh = self._state_file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        write_private(fresh, json.dumps(asdict(state)) + "\n")
        fresh.rename(self._state_file)

    def remove(self) -> None:
        """Delete both files, and the folder when nothing else is in it."""
        self._state_file.unlink(missing_ok=True)
        self._lock_file.unlink()
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, waiting for it; makes the folder if need be."""
        with self.ownership():
            lock = self._acquire()
        try:
            yield
        finally:
            os.close(lock)

    def _acquire(self) -> int:
        while True:
            self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Who held it before may have removed the file: then this lock protects nothing.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(lock), self._lock_file.stat()):
                    return lock
            os.close(lock)

    @contextlib.contextmanager
    def ownership(self) -> Iterator[None]:
        """Turn a refusal of the file system into a `SlapgError` that says whose cluster this is."""
        try:
            yield
        except PermissionError as error:
            raise SlapgError(
                f"the private cluster in {self.folder} is not yours: {error.filename} is refused",
                hint=f"run this as its owner or with sudo, or choose another place with {DIR_VARIABLE}",
            ) from None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
