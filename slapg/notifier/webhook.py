"""The channel kind `webhook`: CloudEvents by HTTP POST, signed by the Standard Webhooks scheme."""

import base64
import binascii
import hashlib
import hmac
import json
import ssl
import time
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import getproxies_environment, proxy_bypass_environment  # type: ignore[attr-defined]

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from slapg import __version__
from slapg.notifier.channel import DeliveryError, UnreachableError
from slapg.notifier.event import cloud_event, event_id
from slapg.notifier.notification import Notification
from slapg.notifier.secrets import Secrets
from slapg.notifier.watchdog import WATCHDOG

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
ANSWER_BYTES = 4096
"""Read of an answer, at most; a connection with more in it is not used again."""
QUOTED_CHARACTERS = 200

AGAIN = (408, 425, 429)
"""The 4xx that a later try may not get."""


class _LimitedConnection(urllib3.connection.HTTPConnection):
    """The whole head of an answer has to come in time, not just its next byte."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        with WATCHDOG.limit(self.sock, time.monotonic() + ANSWER_SECONDS):
            return super().getresponse()


class _LimitedTlsConnection(_LimitedConnection, urllib3.connection.HTTPSConnection):
    """The same over TLS."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _LimitedConnection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _LimitedTlsConnection


class WebhookChannel:
    """Events to HTTP endpoints, over kept connections, through the proxies that the environment names."""

    kind = "webhook"
    concurrency = 16

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._proxies = getproxies_environment()
        trust = ssl.create_default_context()  # one for all: it takes longer to read than a message to send
        self._direct = _limited(urllib3.PoolManager(**_pool_options(trust)))
        self._by_proxy: dict[str, urllib3.PoolManager] = {
            scheme: _proxy_manager(self._proxies[scheme], trust)
            for scheme in ("http", "https")
            if scheme in self._proxies
        }

    def send(self, notification: Notification) -> str | None:
        """POST the event; any 2xx accepts it. `webhook-id` is the same at every attempt."""
        url, headers = _split_login(self._secrets.resolve_url(notification.url or ""))
        body = json.dumps(cloud_event(notification), ensure_ascii=False, separators=(",", ":")).encode()
        headers |= {
            "content-type": "application/cloudevents+json",
            "user-agent": f"slapg/{__version__}",
            **self._signed(notification, body),
        }
        status, reason, answer = self._post(url, headers, body)
        if not 200 <= status < 300:
            raise _refusal(status, reason, answer)
        return None

    def close(self) -> None:
        """Close the kept connections until the next event."""
        for manager in (self._direct, *self._by_proxy.values()):
            manager.clear()

    def _signed(self, notification: Notification, body: bytes) -> dict[str, str]:
        number, at = str(event_id(notification)), str(int(time.time()))
        headers = {"webhook-id": number, "webhook-timestamp": at}
        if notification.signing_secret:
            keys = [_key(secret) for secret in self._secrets.resolve(notification.signing_secret).split()]
            headers["webhook-signature"] = " ".join(
                _sign(key, f"{number}.{at}.".encode() + body) for key in keys
            )
        return headers

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, str, str]:
        try:
            response = self._manager(url).request(
                "POST", url, body=body, headers=headers, retries=False, redirect=False, preload_content=False
            )
            return response.status, response.reason or "", _read_answer(response)
        except (LocationValueError, UnicodeError, ValueError) as error:
            raise DeliveryError("the URL of the channel cannot be used", is_permanent=True) from error
        except (ConnectTimeoutError, SSLError, ProxyError) as error:
            raise UnreachableError(f"{_host(url)}: {_say(error)}") from error
        except ReadTimeoutError as error:
            raise DeliveryError(f"{_host(url)}: no answer within {ANSWER_SECONDS:g} s") from error
        except HTTPError as error:
            raise DeliveryError(f"{_host(url)}: {_say(error)}") from error

    def _manager(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise LocationValueError("no http:// or https://")
        manager = self._by_proxy.get(parts.scheme)
        if manager is None or proxy_bypass_environment(parts.netloc, self._proxies):
            return self._direct
        return manager


def _pool_options(trust: ssl.SSLContext) -> dict[str, Any]:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
    return {"num_pools": 64, "maxsize": WebhookChannel.concurrency, "timeout": timeout, "ssl_context": trust}


def _proxy_manager(url: str, trust: ssl.SSLContext) -> urllib3.PoolManager:
    address, headers = _split_login(url if "://" in url else f"http://{url}", "proxy_basic_auth")
    return _limited(urllib3.ProxyManager(address, proxy_headers=headers, **_pool_options(trust)))


def _limited(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager


def _split_login(url: str, scheme: str = "basic_auth") -> tuple[str, dict[str, str]]:
    """The URL without `user:password@`, and the header that says it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise DeliveryError("the URL of the channel cannot be read", is_permanent=True) from None
    login, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    user, _, password = login.partition(":")
    said: dict[str, str] = urllib3.make_headers(**{scheme: f"{unquote(user)}:{unquote(password)}"})  # type: ignore[arg-type]
    return urlunsplit(parts._replace(netloc=host)), said


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise DeliveryError("the signing secret is not written like whsec_<base64>", is_permanent=True)
    return key


def _sign(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _read_answer(response: urllib3.BaseHTTPResponse) -> str:
    """The beginning of the answer; it is never what decides, so whatever is wrong with it is no error."""
    answer, until = b"", time.monotonic() + ANSWER_SECONDS
    try:
        while len(answer) < ANSWER_BYTES and time.monotonic() < until:
            some = response.read1(ANSWER_BYTES)
            if not some:
                response.release_conn()
                break
            answer += some
        else:
            response.close()
    except (HTTPError, OSError):
        response.close()
    return answer.decode("utf-8", "replace")


def _refusal(status: int, reason: str, answer: str) -> DeliveryError:
    said = " ".join("".join(c if c.isprintable() else " " for c in answer).split())
    short = said if len(said) <= QUOTED_CHARACTERS else f"{said[: QUOTED_CHARACTERS - 1]}…"
    hint = " (redirects are not followed)" if 300 <= status < 400 else ""
    text = f"HTTP {status} {reason}".strip() + hint + (f": {short}" if short else "")
    return DeliveryError(text, is_permanent=400 <= status < 500 and status not in AGAIN)


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _say(error: HTTPError) -> str:
    """What went wrong, without urllib3's `HTTPSConnection(host=…): ` before it."""
    text = str(error)
    return text.split("): ", 1)[-1] if text.startswith("HTTP") else text or type(error).__name__
