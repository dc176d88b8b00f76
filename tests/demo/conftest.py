"""A private cluster for the demo, as in a fresh checkout."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from slapg.cluster import Cluster


@pytest.fixture(scope="module")
def stage() -> Iterator[Cluster]:
    """A cluster of its own, not yet made, which is destroyed after the module's tests."""
    folder = Path(tempfile.mkdtemp(prefix="slapg-demo-"))
    folder.chmod(0o755)  # as a checkout is: the server's account passes through
    cluster = Cluster(folder / ".slapg")
    yield cluster
    cluster.destroy()
    shutil.rmtree(folder)
