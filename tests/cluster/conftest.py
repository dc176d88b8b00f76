"""Scratch folders for private clusters, and the command line as a person calls it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slapg.cluster import Cluster

Run = Callable[..., subprocess.CompletedProcess[str]]
MakeHome = Callable[[], Path]


def _make_folder() -> Path:
    """A folder as a checkout is: pytest's own folders are closed to the server's account."""
    folder = Path(tempfile.mkdtemp(prefix="slapg-home-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def make_home() -> Iterator[MakeHome]:
    """Makes homes of clusters, each in a folder of its own; what they hold is destroyed after the test."""
    homes: list[Path] = []

    def make() -> Path:
        homes.append(_make_folder() / ".slapg")
        return homes[-1]

    yield make
    for home in homes:
        Cluster(home).destroy()
        shutil.rmtree(home.parent)


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    """A running cluster that the tests of one module share and leave running."""
    folder = _make_folder()
    cluster = Cluster(folder / ".slapg")
    cluster.start()
    yield cluster
    cluster.destroy()
    folder.rmdir()


@pytest.fixture(scope="module")
def _veteran() -> Iterator[Cluster]:
    folder = _make_folder()
    cluster = Cluster(folder / ".slapg")
    cluster.start()
    cluster.stop()
    yield cluster
    cluster.destroy()
    folder.rmdir()


@pytest.fixture
def stopped(_veteran: Cluster) -> Iterator[Cluster]:
    """A cluster that exists but is stopped, for tests that do not mind what it has been through."""
    yield _veteran
    _veteran.stop()


@pytest.fixture(scope="session")
def slapg() -> Run:
    """Calls `slapg` in a process of its own; `home` is the cluster's folder."""

    def run(*words: str, home: Path | None = None, **options: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SLAPG_")}
        if home:
            environment["SLAPG_DB_DIR"] = str(home)
        return subprocess.run(
            [sys.executable, "-m", "slapg", *words],
            env=environment | options,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
