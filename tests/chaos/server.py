"""A server of its own that a test may kill."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from slapg.cluster import Cluster
from slapg.cluster.account import Account
from slapg.cluster.installation import find_installation
from slapg.cluster.settings import CRON_DATABASE
from slapg.migrations import migrate

SURVIVES_KILLS = {
    # What is killed leaves its writes with the kernel; only a power cut needs fsync.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "1h",
}


@contextmanager
def private_server() -> Iterator[Cluster]:
    """A cluster with slapg in it, made for one test and removed afterwards; no jobs run in it."""
    folder = Path(tempfile.mkdtemp(prefix="slapg-chaos-"))
    folder.chmod(0o711)  # the server's account must be able to pass through
    cluster = Cluster(folder / "cluster", SURVIVES_KILLS)
    try:
        cluster.start()
        migrate(cluster.socket_url())
        with psycopg.connect(cluster.socket_url(CRON_DATABASE), autocommit=True) as admin:
            admin.execute("select cron.unschedule(jobid) from cron.job")
        yield cluster
    finally:
        cluster.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def restart(cluster: Cluster, environment: Mapping[str, str]) -> None:
    """Stop the server and start it with these environment variables, which `Cluster` keeps away from it."""
    cluster.stop()
    account = Account.for_server(cluster.server_dir)
    subprocess.run(
        [
            find_installation(None).programs / "pg_ctl",
            "start",
            "--silent",
            "--wait",
            f"--pgdata={cluster.data_dir}",
            f"--log={cluster.log_file}",
        ],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": account.home, **environment},
        check=True,
    )


def kill_server(cluster: Cluster) -> None:
    """SIGKILL for the postmaster and each of its children, as the kernel does when memory runs out."""
    postmaster = cluster.postmaster()
    assert postmaster is not None
    for pid in (postmaster.pid, *_children(postmaster.pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    """Its children, by the fourth field of each process's own line."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found
