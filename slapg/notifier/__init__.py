"""From a row of the outbox to a message somebody reads: words, templates, channels."""

from slapg.notifier.channel import Channel, DeliveryError, UnreachableError
from slapg.notifier.notification import Notification

__all__ = ["Channel", "DeliveryError", "Notification", "UnreachableError"]
