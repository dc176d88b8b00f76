"""All kinds of channels, ready to send."""

import logging
from collections.abc import Collection

from slapg.notifier.channel import Channel, DeliveryError
from slapg.notifier.mail import EmailChannel, MailDefaults
from slapg.notifier.notification import Notification
from slapg.notifier.render import Renderer
from slapg.notifier.secrets import Secrets

log = logging.getLogger(__name__)

KINDS = ("email", "webhook", "apprise", "redis")


def open_channels(
    mail: MailDefaults | None, secrets: Secrets, renderer: Renderer, kinds: Collection[str] = KINDS
) -> list[Channel]:
    """A channel for each of `kinds`; none connects before it sends.

    `mail` is for tenants that have no mail server or sender of their own. What the channels say when they
    fail is free of the secrets that went through `secrets`.
    """
    return [_Discreet(_open(kind, mail, secrets, renderer), secrets) for kind in KINDS if kind in kinds]


def _open(kind: str, mail: MailDefaults | None, secrets: Secrets, renderer: Renderer) -> Channel:
    # Imported by need: their libraries take longer to load than most commands to run.
    if kind == "webhook":
        from slapg.notifier.webhook import WebhookChannel

        return WebhookChannel(secrets)
    if kind == "apprise":
        from slapg.notifier.chat import AppriseChannel

        return AppriseChannel(secrets, renderer)
    if kind == "redis":
        from slapg.notifier.redis_stream import RedisChannel

        return RedisChannel(secrets)
    return EmailChannel(mail, secrets, renderer)


class _Discreet:
    """A channel that keeps secrets out of what it says: libraries' errors quote what they were given."""

    def __init__(self, channel: Channel, secrets: Secrets) -> None:
        self._channel = channel
        self._secrets = secrets

    @property
    def kind(self) -> str:
        return self._channel.kind

    @property
    def concurrency(self) -> int:
        return self._channel.concurrency

    def send(self, notification: Notification) -> str | None:
        try:
            remark = self._channel.send(notification)
        except DeliveryError as error:
            told = type(error)(self._secrets.redact(str(error)), is_permanent=error.is_permanent)
        except Exception as error:  # one that nobody foresaw
            log.exception("channel %s broke down on %s", self.kind, notification)
            told = DeliveryError(self._secrets.redact(f"{type(error).__name__}: {error}"))
        else:
            return self._secrets.redact(remark) if remark else None
        raise told  # here, where the one before is not told as its cause

    def close(self) -> None:
        self._channel.close()
