"""One line of the doctor's answer."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "OK"
    WARN = "WARN"
    """Works, but not as well as it could, or not for long."""
    FAIL = "FAIL"
    """Something promised does not happen."""


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and how to mend it."""

    level: Level
    subject: str
    message: str
    mend: str | None = None
    """A command, or what to change where; None when there is nothing to mend."""


def ok(subject: str, message: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, subject, message)


def warn(subject: str, message: str, mend: str | None = None) -> Finding:
    """Worth a look."""
    return Finding(Level.WARN, subject, message, mend)


def fail(subject: str, message: str, mend: str | None = None) -> Finding:
    """Broken."""
    return Finding(Level.FAIL, subject, message, mend)
