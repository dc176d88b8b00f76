"""What a listener writes to standard error: lines for people, or JSON for programs."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterable
from typing import Any, Literal

from pythonjsonlogger.json import JsonFormatter

from slapg.notifier import Notification

LogFormat = Literal["text", "json"]

_JSON_FIELDS = ("levelname", "threadName", "name", "message")
_JSON_NAMES = {"levelname": "level", "threadName": "part", "name": "logger", "exc_info": "exception"}
_TEXT = "%(asctime)s %(levelname)s %(message)s"
_JOURNAL_LEVELS = {
    logging.DEBUG: 7,
    logging.INFO: 6,
    logging.WARNING: 4,
    logging.ERROR: 3,
    logging.CRITICAL: 2,
}


def set_up_logging(log_format: LogFormat = "text", filters: Iterable[logging.Filter] = ()) -> None:
    """Log from now on to standard error, from level INFO; `filters` (redaction) see each record first.

    JSON has the fields time (UTC), level, part, logger, message, exception where there is one, and what
    `about` gives. Text in the systemd journal leaves time and level to the journal.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_json() if log_format == "json" else _text())
    for one in filters:
        handler.addFilter(one)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # These tell of each request, whose address may hold a secret, and report what slapg reports anyway.
    for name in ("apprise", "urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.ERROR)


def about(notification: Notification, outcome: str) -> dict[str, Any]:
    """Fields that a record about a delivery has beside its words: `log.info(…, extra=about(…))`."""
    return {
        "notification_id": notification.notification_id,
        "ticket": notification.payload.get("ticket_number") or str(notification.ticket_id),
        "kind": notification.kind,
        "channel": notification.channel,
        "outcome": outcome,
        "attempt": notification.attempt,
    }


def _json() -> logging.Formatter:
    return JsonFormatter(_JSON_FIELDS, rename_fields=_JSON_NAMES, timestamp="time", json_ensure_ascii=False)


def _text() -> logging.Formatter:
    return _JournalFormatter() if _is_journal() else logging.Formatter(_TEXT)


class _JournalFormatter(logging.Formatter):
    """The message with its level as the journal reads it, so that `journalctl -p warning` finds it."""

    def format(self, record: logging.LogRecord) -> str:
        level = _JOURNAL_LEVELS.get(record.levelno, 6)
        return "\n".join(f"<{level}>{line}" for line in super().format(record).splitlines())


def _is_journal() -> bool:
    """Does standard error go to the systemd journal (systemd.exec(5), JOURNAL_STREAM)?"""
    with contextlib.suppress(OSError, ValueError):
        status = os.fstat(sys.stderr.fileno())
        return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"
    return False
