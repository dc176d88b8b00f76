"""The server: its version, its extensions, what it loads at start."""

from collections.abc import Iterator

from slapg.doctor.finding import Finding, fail, ok, warn
from slapg.migrations.naming import Database
from slapg.migrations.preflight import OLDEST_SERVER
from slapg.pooling import Pooling, pooling_of


def check_version(raw: Database) -> Iterator[Finding]:
    """PostgreSQL 15 or newer, and not a standby."""
    version = raw.info.server_version
    if version < OLDEST_SERVER:
        yield fail("server", f"PostgreSQL {version // 10000} is too old", "upgrade to PostgreSQL 15 or newer")
    elif _scalar(raw, "select pg_catalog.pg_is_in_recovery()"):
        yield warn("server", "a standby: reports work, writes and sweeps do not", "examine the primary")
    else:
        yield ok("server", f"PostgreSQL {_scalar(raw, 'show server_version')}")


def check_plpython(raw: Database) -> Iterator[Finding]:
    """The language that business time is computed in."""
    row = raw.execute(
        "select installed_version from pg_catalog.pg_available_extensions where name = 'plpython3u'"
    ).fetchone()
    major = raw.info.server_version // 10000
    if row is None:
        command = f"sudo apt-get install postgresql-plpython3-{major}"
        yield fail("plpython3u", "not installed on the server", command)
    elif row[0] is None:
        yield fail("plpython3u", f"not created in database {raw.info.dbname}", "slapg migrate")
    else:
        yield ok("plpython3u", f"version {row[0]}")


def check_preload(raw: Database) -> Iterator[Finding]:
    """Python started with the server rather than by each connection's first deadline."""
    loaded = str(_scalar(raw, "select pg_catalog.current_setting('shared_preload_libraries')"))
    if "plpython3" in [name.strip() for name in loaded.split(",")]:
        yield ok("preload", "Python is loaded with the server")
    else:
        value = ",".join(filter(None, [loaded, "plpython3"]))
        yield warn(
            "preload",
            "each new connection spends about 10 ms more on its first ticket, loading Python",
            f"in postgresql.conf: shared_preload_libraries = '{value}'; restart the server",
        )


def check_pooling(raw: Database, dsn: str) -> Iterator[Finding]:
    """What lies between us and the server; `dsn` is that of `raw`."""
    pooling = pooling_of(raw, dsn)
    if pooling is Pooling.TRANSACTION:
        message = "through a pooler in transaction mode: right for applications, but not for everything"
        mend = "give slapg listen, migrate and replay the address and port of PostgreSQL itself"
        yield warn("connection", message, mend)
    else:
        yield ok("connection", "direct" if pooling is Pooling.NONE else "through a pooler in session mode")


def _scalar(raw: Database, query: str) -> object:
    row = raw.execute(query.encode()).fetchone()
    return row[0] if row else None
