"""The settings of a private cluster."""

from collections.abc import Mapping
from pathlib import Path

CRON_DATABASE = "postgres"
"""Where pg_cron lives: not in slapg's database, which must never need the extension (jobs reach across with
`cron.schedule_in_database`)."""

FOR_EVERYBODY = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    # plpython3 here starts Python with the server, not with each connection's first call (~10 ms each).
    "shared_preload_libraries": "pg_cron,plpython3",
    "cron.database_name": CRON_DATABASE,
    # Jobs run as background workers: no password to keep for them, and procedures may commit.
    "cron.use_background_workers": "on",
    "max_worker_processes": "32",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

FOR_TESTS = {
    # Nothing in a test cluster outlives the tests.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum_naptime": "1h",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
}


def render(settings: Mapping[str, str], port: int, socket_dir: Path) -> str:
    """The text of the configuration file."""
    everything = FOR_EVERYBODY | dict(settings)
    everything |= {"port": str(port), "unix_socket_directories": str(socket_dir)}
    header = "# Written by `slapg db start`; your own settings belong at the end of postgresql.conf.\n"
    return header + "".join(f"{name} = {_quote(value)}\n" for name, value in everything.items())


def _quote(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
