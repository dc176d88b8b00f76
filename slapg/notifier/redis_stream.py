"""The channel kind `redis`: events appended to a Redis stream."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from slapg.notifier.channel import DeliveryError, UnreachableError
from slapg.notifier.event import EVENT_TYPE, stream_event
from slapg.notifier.notification import Notification
from slapg.notifier.secrets import Secrets

if TYPE_CHECKING:
    import redis

STREAM = f"alga-psa:event-stream:global:{EVENT_TYPE}"
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0


@dataclass(frozen=True)
class _Target:
    """Where events go."""

    url: str = field(repr=False)
    """What redis-py connects to."""
    stream: str
    maxlen: int | None

    @classmethod
    def from_url(cls, url: str) -> _Target:
        """Raises `DeliveryError` (permanent) for other options; redis-py's own could undo timeouts."""
        address, _, query = url.partition("?")
        options = dict(parse_qsl(query))
        maxlen, stream, db = (
            options.pop("maxlen", None),
            options.pop("stream", STREAM),
            options.pop("db", None),
        )
        if options or not (maxlen or "1").isdecimal() or not (db or "0").isdecimal():
            raise DeliveryError(
                "the options in the URL are stream, and the numbers maxlen and db", is_permanent=True
            )
        return cls(f"{address}?db={db}" if db else address, stream, int(maxlen) if maxlen else None)


class RedisChannel:
    """Events into a stream: `redis://:password@host:6379/0?stream=NAME&maxlen=100000`, or rediss, unix.

    `stream` defaults to Alga PSA's; with `maxlen` the stream keeps about so many events.
    """

    kind = "redis"
    concurrency = 4

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._lock = Lock()
        self._clients: dict[str, redis.Redis] = {}

    def send(self, notification: Notification) -> str | None:
        """Append the event; at a second attempt it has the same `id`."""
        target = _Target.from_url(self._secrets.resolve_url(notification.url or ""))
        event = json.dumps(stream_event(notification), ensure_ascii=False)
        try:
            client, is_fresh = self._client(target.url)
            if not self._append(target, client, event, is_fresh):
                self._append(target, self._client(target.url)[0], event, True)
        except ImportError:
            raise UnreachableError("this listener has no Redis client: pip install 'slapg[redis]'") from None
        return None

    def close(self) -> None:
        """Close the connections until the next event."""
        with self._lock:
            clients, self._clients = self._clients, {}
        for client in clients.values():
            client.close()

    def _append(self, target: _Target, client: redis.Redis, event: str, is_fresh: bool) -> bool:
        """False: the server had ended the connection, as it may do with one that was idle."""
        import redis

        fields: dict[Any, Any] = {"event": event, "channel": "global"}
        try:
            client.xadd(target.stream, fields, maxlen=target.maxlen, approximate=True)
        except redis.exceptions.ConnectionError as error:
            self._drop(target.url, client)
            if is_fresh:
                raise DeliveryError(f"the Redis server hung up: {error}") from error
            return False
        except redis.exceptions.TimeoutError as error:
            self._drop(target.url, client)
            raise DeliveryError(f"no answer from the Redis server within {ANSWER_SECONDS:g} s") from error
        except redis.exceptions.RedisError as error:
            raise DeliveryError(f"Redis: {error}", is_permanent=_is_permanent(error)) from error
        return True

    def _client(self, url: str) -> tuple[redis.Redis, bool]:
        """A client that has answered, and whether it did so just now."""
        with self._lock:
            client = self._clients.get(url)
        if client is not None:
            return client, False
        client = _connect(url)
        with self._lock:
            return self._clients.setdefault(url, client), True

    def _drop(self, url: str, client: redis.Redis) -> None:
        with self._lock:
            if self._clients.get(url) is client:
                del self._clients[url]
        client.close()


def _connect(url: str) -> redis.Redis:
    import redis

    try:
        client = redis.Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),
            client_name="slapg",
        )
    except (ValueError, TypeError) as error:
        raise DeliveryError(f"the URL of the channel cannot be used: {error}", is_permanent=True) from None
    try:
        client.ping()
    except redis.exceptions.NoPermissionError:
        pass  # it may append and not ping: it is there
    except redis.exceptions.RedisError as error:
        client.close()
        raise UnreachableError(f"Redis: {error}") from error
    return client


def _is_permanent(error: Exception) -> bool:
    """Whether it is about what was sent, or to where: a full or moving server is not."""
    import redis.exceptions as known

    passing = known.OutOfMemoryError | known.ReadOnlyError | known.ClusterError | known.TryAgainError
    return isinstance(error, known.ResponseError) and not isinstance(error, passing)
