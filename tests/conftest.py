"""One real cluster for the whole run, and a database of its own for each test.

The cluster is slapg's private one (pg_cron and plpython3u loaded, settings that trade durability for speed),
started by the first test that asks for it and shared by all workers of pytest-xdist. A template database is
migrated once; each test gets a clone of it (about 20 ms), dropped afterwards.
"""

import contextlib
import fcntl
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import hypothesis
import psycopg
import pytest
from pytest_postgresql.janitor import DatabaseJanitor

from slapg.cluster import Cluster
from slapg.cluster.settings import FOR_TESTS
from slapg.migrations import migrate

# A change is judged by the same examples each time; whoever tests by hand looks at new ones.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
SUPERUSER = "postgres"
ADMIN_DATABASE = "postgres"
TEMPLATE = "slapg_template"
TEMPLATE_LOCK = 511  # any number: one lock of the admin database, for the workers of one run

RUN_PREFIX = "slapg-tests-"
RUN_DIR = pytest.StashKey[Path]()
ALIVE = pytest.StashKey[IO[str]]()
Connect = Callable[..., psycopg.Connection[Any]]

_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the folder of this run's cluster: in the main process, which tells its workers."""
    workerinput = getattr(config, "workerinput", None)
    if workerinput is None:
        _hear_interrupts()
        _sweep_away_killed_runs()
        folder = Path(tempfile.mkdtemp(prefix=RUN_PREFIX))
        folder.chmod(0o711)  # the server's account must be able to pass through
        config.stash[ALIVE] = _lock(folder)
    else:
        folder = Path(workerinput["slapg_run_dir"])
    config.stash[RUN_DIR] = folder


def _hear_interrupts() -> None:
    """A shell's background job ignores SIGINT, and so would the programs that tests start and interrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called by pytest-xdist for each worker."""
    node.workerinput["slapg_run_dir"] = str(node.config.stash[RUN_DIR])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind: the main process ends last."""
    if not hasattr(config, "workerinput") and RUN_DIR in config.stash:
        _cluster_of(config).destroy()
        shutil.rmtree(config.stash[RUN_DIR])


def _sweep_away_killed_runs() -> None:
    """A run that was killed could not stop its server: the next one does."""
    for folder in Path(tempfile.gettempdir()).glob(f"{RUN_PREFIX}*"):
        if folder.stat().st_uid != os.geteuid() or not (folder / "alive").exists():
            continue
        with contextlib.suppress(BlockingIOError), _lock(folder):
            Cluster(folder / "cluster").destroy()
            shutil.rmtree(folder)


def _lock(folder: Path) -> IO[str]:
    """A lock on the folder that lives as long as its process; `BlockingIOError` when another one has it."""
    file = (folder / "alive").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file


def _cluster_of(config: pytest.Config) -> Cluster:
    return Cluster(config.stash[RUN_DIR] / "cluster", FOR_TESTS)


@pytest.fixture(scope="session")
def cluster(pytestconfig: pytest.Config) -> Cluster:
    """The running cluster of this test run."""
    cluster = _cluster_of(pytestconfig)
    cluster.start()
    return cluster


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """The name of a database that slapg has been migrated into; nobody can connect to it."""
    with psycopg.connect(cluster.socket_url(ADMIN_DATABASE), autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        ready = admin.execute(
            "select datistemplate from pg_database where datname = %s", [TEMPLATE]
        ).fetchone()
        if ready is None:
            admin.execute(f"create database {TEMPLATE}")
            migrate(cluster.socket_url(TEMPLATE))
            # A job would connect to the template at some minute, and nothing can be cloned meanwhile.
            admin.execute("select cron.unschedule(jobid) from cron.job where database = %s", [TEMPLATE])
            admin.execute(f"alter database {TEMPLATE} is_template true allow_connections false")
        elif not ready[0]:
            pytest.fail("the template database could not be migrated (see the first error)")
    return TEMPLATE


@pytest.fixture
def db_url(cluster: Cluster, template: str) -> Iterator[str]:
    """A superuser's DSN of a fresh database with slapg in it, dropped after the test."""
    yield from _database(cluster, template)


@pytest.fixture
def empty_db_url(cluster: Cluster) -> Iterator[str]:
    """A superuser's DSN of a fresh database without slapg, dropped after the test."""
    yield from _database(cluster, None)


def _database(cluster: Cluster, template: str | None) -> Iterator[str]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}_{next(_numbers)}"
    postmaster = cluster.postmaster()
    assert postmaster is not None
    janitor = DatabaseJanitor(
        user=SUPERUSER,
        host=str(cluster.socket_dir),
        port=postmaster.port,
        dbname=name,
        template_dbname=template,
        maintenance_dbname=ADMIN_DATABASE,
    )
    with janitor:
        yield cluster.socket_url(name)


@pytest.fixture
def connect(db_url: str) -> Iterator[Connect]:
    """Makes connections to the test's database, closed after the test.

    Keyword arguments are those of `psycopg.connect`; autocommit is on unless said otherwise, and
    `connect(user="slapg_app")` logs in as that role without a password.
    """
    opened: list[psycopg.Connection[Any]] = []

    def open_one(**kwargs: Any) -> psycopg.Connection[Any]:
        connection = psycopg.connect(db_url, **({"autocommit": True} | kwargs))
        opened.append(connection)
        return connection

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def db(connect: Connect) -> psycopg.Connection[Any]:
    """A superuser's connection (autocommit) to a fresh database with slapg in it."""
    return connect()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of large real data sets beside the checkout; the test is skipped where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real data not found at {SHARED_DATA}")
    return SHARED_DATA
