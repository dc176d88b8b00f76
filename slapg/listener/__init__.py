"""`slapg listen`: relays notifications from the outbox to their channels, and times the sweep."""

from slapg.listener.instruments import Instruments
from slapg.listener.relay import Relay
from slapg.listener.service import drain_once, run
from slapg.listener.timer import Timer

__all__ = ["Instruments", "Relay", "Timer", "drain_once", "run"]
