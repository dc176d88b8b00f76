"""What systemd wants to hear from a service of `Type=notify` (sd_notify(3)); nothing elsewhere."""

import os
import socket

READY = "READY=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"


def tell(state: str) -> None:
    """Tell the service manager; it is no error when there is none, or when it does not listen."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # the abstract name space of Linux
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(state.encode(), address)
    except OSError:
        return


def watchdog_seconds() -> float | None:
    """How often to say `WATCHDOG=1` at least, twice in the time after which we are killed; None: never."""
    meant_for = os.environ.get("WATCHDOG_PID")
    if meant_for and meant_for != str(os.getpid()):
        return None
    try:
        limit = int(os.environ.get("WATCHDOG_USEC", "0"))
    except ValueError:
        return None
    return limit / 1_000_000 / 2 if limit > 0 else None
