"""PgBouncer in front of the test's database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from slapg.cluster import Cluster
from tests.migrations.conftest import new_revision, slapg_db, sql_copy  # noqa: F401 (fixtures)
from tests.operations import pooler

Through = Callable[..., str]


@pytest.fixture
def through(cluster: Cluster, db_url: str) -> Iterator[Through]:
    """`through("transaction")`: the DSN of the test's database by way of a PgBouncer in that mode."""
    if pooler.program() is None:
        pytest.skip("PgBouncer is not installed: sudo apt-get install pgbouncer")
    with ExitStack() as running:

        def start(mode: str, *users: str, pool_size: int = 2) -> str:
            return running.enter_context(
                pooler.pooler(cluster, db_url, mode, ["postgres", *users], pool_size)
            )

        yield start
