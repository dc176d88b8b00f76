"""Secrets that configuration names and never holds, and keeping them out of whatever people read."""

import contextlib
import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from slapg.notifier.channel import DeliveryError

PREFIX = "SLAPG_SECRET_"
"""Of the environment variables that references may read: a tenant must not see all that the process has."""

HIDDEN = "***"
TELLING_LENGTH = 3
"""Characters from which a part of a secret is hidden by itself."""

_REFERENCE = re.compile(r"\$\{(env|file):([A-Za-z0-9_]+)\}")
_USERINFO = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@")


class Secrets:
    """Resolves `${env:NAME}` and `${file:NAME}`, and remembers what it gave out so that it can be hidden.

    Read anew each time, so that a secret can be changed under a running listener. Used by several threads.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, directory: Path | None = None) -> None:
        """`directory`: where `${file:NAME}` looks; None: $CREDENTIALS_DIRECTORY (systemd) or /run/secrets."""
        self._environment = os.environ if environment is None else environment
        self._directory = directory or Path(self._environment.get("CREDENTIALS_DIRECTORY") or "/run/secrets")
        self._lock = Lock()
        self._known: set[str] = set()
        self._hidden: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def resolve(self, text: str) -> str:
        """The text with its references replaced; raises `DeliveryError` (permanent) for a missing one."""
        return _REFERENCE.sub(lambda found: self._look_up(found), text)

    def resolve_url(self, url: str) -> str:
        """The same for a URL: a secret in its userinfo or query is escaped, elsewhere it is part of the URL.

        Files and variables hold secrets as they are, never with %XX.
        """
        userinfo = _USERINFO.match(url)
        ends, asks = userinfo.end() if userinfo else 0, url.find("?")

        def escaped(found: re.Match[str]) -> str:
            secret = self._look_up(found)
            return quote(secret, safe="") if found.start() < ends or -1 < asks < found.start() else secret

        return _REFERENCE.sub(escaped, url)

    def hide(self, secret: str | None) -> None:
        """Hide this one from now on, too: it came some other way."""
        if not secret or secret in self._known:
            return
        with self._lock:
            self._known.add(secret)
            for part in _parts(secret):
                self._hidden |= {part, quote(part, safe=""), quote(part), quote_plus(part)}
            longest_first = sorted(self._hidden, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def redact(self, text: str) -> str:
        """The text with `***` for every secret known by now."""
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def _look_up(self, reference: re.Match[str]) -> str:
        where, name = reference.groups()
        secret = self._environment.get(PREFIX + name) if where == "env" else self._read(reference[0], name)
        if not secret:
            place = (
                f"environment variable {PREFIX}{name}" if where == "env" else f"file {name} of the secrets"
            )
            raise DeliveryError(f"secret {reference[0]} is missing: no {place}", is_permanent=True)
        self.hide(secret)
        return secret

    def _read(self, reference: str, name: str) -> str | None:
        try:
            return (self._directory / name).read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise DeliveryError(f"secret {reference} cannot be read: {why}", is_permanent=True) from None


class RedactingFilter(logging.Filter):
    """For log handlers: no secret in a message, its arguments, its extras or its traceback."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._secrets = secrets
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = record.getMessage(), None
        if record.exc_info:
            record.exc_text = self._formatter.formatException(record.exc_info)
            record.exc_info = None  # formatters would write it anew
        for name, value in record.__dict__.items():
            if isinstance(value, str):
                record.__dict__[name] = self._secrets.redact(value)
        return True


def _parts(secret: str) -> set[str]:
    """What would give a secret away: all of it, each of several, and what makes a URL one.

    But no part so short that hiding it would only spoil other words.
    """
    parts = set(secret.split())
    if "://" in secret:
        with contextlib.suppress(ValueError):
            url = urlsplit(secret)
            parts |= {unquote(url.password or ""), url.password or "", url.path.strip("/")}
            parts |= {value for _, value in parse_qsl(url.query)}
    return {part for part in parts if len(part) >= TELLING_LENGTH} | {secret}
