"""The server never runs as root, whoever calls and wherever the checkout lies."""

import os
import pwd
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

import slapg
from slapg.cluster import Cluster
from slapg.cluster.account import Account

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for other accounts")


@needs_root
def test_root_runs_the_server_as_postgres(running: Cluster) -> None:
    postmaster = running.postmaster()
    assert postmaster is not None
    owner = Path(f"/proc/{postmaster.pid}").stat().st_uid
    assert pwd.getpwuid(owner).pw_name == "postgres"
    assert running.server_dir == running.home / "server"


@needs_root
def test_folder_that_postgres_cannot_enter(make_home) -> None:
    home = make_home()
    home.parent.chmod(0o700)
    cluster = Cluster(home)
    cluster.start()
    assert home not in cluster.server_dir.parents
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    server = cluster.server_dir
    cluster.destroy()
    assert not server.exists()


@needs_root
def test_ordinary_account_runs_its_own_server(make_home, nobody: "Caller") -> None:
    home = make_home()
    os.chown(home.parent, nobody.account.uid, nobody.account.gid)
    started = nobody.slapg("db", "start", home=home)
    assert started.returncode == 0, started.stderr
    assert (home / "server").stat().st_uid == nobody.account.uid
    with psycopg.connect(nobody.slapg("db", "url", home=home).stdout.strip()) as connection:
        row = connection.execute("select current_setting('data_directory')").fetchone()
    assert row == (str(home / "server" / "data"),)
    # Root steps in as the cluster's owner, not as postgres.
    assert Cluster(home).stop() is True
    assert nobody.slapg("db", "start", home=home).returncode == 0
    assert nobody.slapg("db", "destroy", "--yes", home=home).returncode == 0
    assert not home.exists()


@needs_root
def test_somebody_elses_cluster_is_an_error_that_names_it(running: Cluster, nobody: "Caller") -> None:
    answer = nobody.slapg("db", "url", home=running.home)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"error: the private cluster in {running.home} is not yours")
    assert "Traceback" not in answer.stderr


@dataclass
class Caller:
    """An ordinary account that calls slapg with a Python that it may run."""

    account: Account
    python: str

    def run(self, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
        packages = f"{Path(slapg.__file__).parent.parent}:{sysconfig.get_path('purelib')}"
        environment = [f"PYTHONPATH={packages}", f"SLAPG_DB_DIR={home}"]
        return self.account.run(["/usr/bin/env", *environment, self.python, *words])

    def slapg(self, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "slapg", *words, home=home)


@pytest.fixture(scope="module")
def nobody() -> Caller:
    entry = pwd.getpwnam("nobody")
    account = Account(entry.pw_name, entry.pw_uid, entry.pw_gid, "/")
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        caller = Caller(account, python)
        if caller.run("-c", "import slapg.cli.app", home=Path("/")).returncode == 0:
            return caller
    pytest.skip("the account nobody can run no Python of this version, or cannot read this checkout")
