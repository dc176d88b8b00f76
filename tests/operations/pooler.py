"""A PgBouncer of its own in front of the test cluster."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from slapg.cluster import Cluster
from slapg.cluster.account import Account

START_SECONDS = 20

CONFIGURATION = """
[databases]
* = host={socket_dir} port={server_port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = {mode}
default_pool_size = {pool_size}
logfile = {folder}/pgbouncer.log
"""


def program() -> str | None:
    """Where PgBouncer is installed; Debian puts it where ordinary users do not look."""
    return shutil.which("pgbouncer", path=os.environ.get("PATH", os.defpath) + os.pathsep + "/usr/sbin")


@contextlib.contextmanager
def pooler(cluster: Cluster, url: str, mode: str, users: Iterable[str], pool_size: int = 2) -> Iterator[str]:
    """Runs PgBouncer in `mode` under the server's account; the DSN of `url`'s database through it."""
    executable = program()
    server = cluster.postmaster()
    assert executable
    assert server
    account = Account.for_server(cluster.server_dir)
    with tempfile.TemporaryDirectory(prefix="slapg-pooler-") as name:
        folder, port = Path(name), _free_port()
        (folder / "users.txt").write_text("".join(f'"{user}" ""\n' for user in users))
        (folder / "pgbouncer.ini").write_text(
            CONFIGURATION.format(
                socket_dir=cluster.socket_dir,
                server_port=server.port,
                port=port,
                folder=folder,
                mode=mode,
                pool_size=pool_size,
            )
        )
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.uid, account.gid)
        change = {"user": account.uid, "group": account.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        process = subprocess.Popen(
            [executable, "-q", folder / "pgbouncer.ini"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **change,  # type: ignore[call-overload]
        )
        try:
            through = make_conninfo(url, host="127.0.0.1", port=port)
            _wait_for(through, process, folder / "pgbouncer.log")
            yield through
        finally:
            process.kill()
            process.wait(START_SECONDS)


def _wait_for(dsn: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
