"""From a row of the outbox to a message somebody reads: words, templates, channels."""

from slapg.notifier.channel import Channel, DeliveryError, UnreachableError
from slapg.notifier.notification import DIGEST, Notification

__all__ = ["DIGEST", "Channel", "DeliveryError", "Notification", "UnreachableError"]
