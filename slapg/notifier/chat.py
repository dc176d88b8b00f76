"""The channel kind `apprise`: Slack, Teams and whatever else the Apprise library reaches by URL."""

import logging
import re
from collections import OrderedDict
from threading import Lock
from typing import Any

import apprise

from slapg.notifier.channel import DeliveryError, UnreachableError
from slapg.notifier.notification import Notification
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import Secrets

SERVICES = 256
"""Kept for the pauses between messages that each service asks for; the least recently used goes first."""

SERVICE_SECONDS = 12
"""For one message; all threads may have to wait for one URL, and that within half of the lease of a claim."""

_MOODS = {
    "warning": apprise.NotifyType.WARNING,
    "breach": apprise.NotifyType.FAILURE,
    "escalation": apprise.NotifyType.FAILURE,
    "response_met": apprise.NotifyType.SUCCESS,
    "resolution_met": apprise.NotifyType.SUCCESS,
}
_STATUS = re.compile(r"error=(\d{3})\b")
"""How Apprise's services quote an HTTP status."""
_NO_CONNECTION = re.compile(r"NewConnectionError|ConnectTimeoutError|NameResolutionError|SSLError|ProxyError")
"""How they quote, in debug messages only, that no conversation came about."""
_AGAIN = (408, 425, 429)

# It quotes URLs with parts of secrets, too short to be recognised; what matters comes with the outcome.
_LOG = logging.getLogger("apprise")
_LOG.propagate = False
_LOG.setLevel(logging.DEBUG)


class AppriseChannel:
    """Messages as text through Apprise, one at a time to each URL, so that its pauses are kept."""

    kind = "apprise"
    concurrency = 4

    def __init__(self, secrets: Secrets, renderer: Renderer) -> None:
        self._secrets = secrets
        self._renderer = renderer
        self._lock = Lock()
        self._services: OrderedDict[str, _Service] = OrderedDict()

    def send(self, notification: Notification) -> str | None:
        """Hand it to the service; what its answer means is known as far as Apprise tells."""
        service = self._service(self._secrets.resolve_url(notification.url or ""))
        message = self._renderer.render(notification)
        mood = _MOODS.get(notification.template, apprise.NotifyType.INFO)
        service.send(message.subject, message.text, mood)
        return message.problem

    def close(self) -> None:
        """Nothing to let go of: Apprise keeps no connections."""

    def _service(self, url: str) -> "_Service":
        with self._lock:
            service = self._services.get(url)
            if service is None:
                service = self._services[url] = _Service(url)
                if len(self._services) > SERVICES:
                    self._services.popitem(last=False)
            self._services.move_to_end(url)
            return service


class _Service:
    """One URL."""

    def __init__(self, url: str) -> None:
        plugin = apprise.Apprise.instantiate(url, asset=_asset())
        if plugin is None:
            raise DeliveryError("Apprise knows no such service, or its URL is incomplete", is_permanent=True)
        self._apprise = apprise.Apprise(services=[plugin], asset=_asset())
        self._lock = Lock()

    def send(self, title: str, text: str, mood: apprise.NotifyType) -> None:
        with self._lock:
            result = self._apprise.notify(
                body=text,
                title=title,
                notify_type=mood,
                body_format=apprise.NotifyFormat.TEXT,
                log_level=logging.DEBUG,
            )
        if not result:
            raise _failure(list(result.logs()))


def _asset() -> apprise.AppriseAsset:
    return apprise.AppriseAsset(
        app_id="slapg",
        app_desc="SLA notifications",
        async_mode=False,  # threads are the listener's
        http_redirects=False,
        storage_mode="memory",
        service_timeout=SERVICE_SECONDS,
    )


def _failure(entries: list[Any]) -> DeliveryError:
    """What Apprise's log says about it; debug entries decide, but hold URLs and are not quoted."""
    said = [entry.message for entry in entries if entry.level in ("WARNING", "ERROR", "CRITICAL")]
    text = "Apprise: " + ("; ".join(said) or "the service did not accept it, and gives no reason")
    if any(_NO_CONNECTION.search(entry.message) for entry in entries):
        return UnreachableError(text)
    statuses = {int(found[1]) for line in said if (found := _STATUS.search(line))}
    refused = any(400 <= status < 500 and status not in _AGAIN for status in statuses)
    return DeliveryError(text, is_permanent=refused)
