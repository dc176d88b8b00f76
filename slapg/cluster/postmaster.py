"""What the server's own lock file, `postmaster.pid`, says about a running server."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Postmaster:
    """A server that runs now."""

    pid: int
    port: int

    @classmethod
    def of(cls, data_dir: Path) -> "Postmaster | None":
        """The server of `data_dir`, or None; a lock file left by a killed server counts as none."""
        try:
            lines = (data_dir / "postmaster.pid").read_text().splitlines()
            found = cls(int(lines[0]), int(lines[3]))
        except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
            return None
        return found if found._serves(data_dir) else None

    def _serves(self, data_dir: Path) -> bool:
        """Whether the process is alive and a server of `data_dir`.

        After a crash or a restart of the machine the number may belong to somebody else's process, or to a
        zombie. A server's command line names its data folder, which tells them apart where /proc exists.
        """
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        try:
            return str(data_dir).encode() in Path(f"/proc/{self.pid}/cmdline").read_bytes().split(b"\0")
        except FileNotFoundError:
            return not Path("/proc/self").exists()
