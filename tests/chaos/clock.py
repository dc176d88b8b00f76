"""A clock that can be set: libfaketime below a program of its own."""

from pathlib import Path

import pytest

LIBRARIES = "*/faketime/libfaketimeMT.so.1"


class Clock:
    """The time of day of programs that run with `environment`; the time since they started goes on."""

    def __init__(self, file: Path) -> None:
        found = sorted(Path("/usr/lib").glob(LIBRARIES))
        if not found:
            pytest.skip("libfaketime is not installed (Debian: faketime)")
        self._file = file
        self.environment = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        self.jump(0)

    def jump(self, seconds: int) -> None:
        """Set it so far before or behind the real time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.chmod(0o644)
        fresh.replace(self._file)
