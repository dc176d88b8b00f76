"""`slapg listen`: relays notifications from the outbox to their channels, and times the sweep."""

from slapg.listener.relay import Relay
from slapg.listener.service import drain_once, run
from slapg.listener.timer import Timer

__all__ = ["Relay", "Timer", "drain_once", "run"]
