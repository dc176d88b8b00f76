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


def check_encoding(raw: Database) -> Iterator[Finding]:
    """Names of people and places need UTF-8."""
    encoding = str(_scalar(raw, "show server_encoding"))
    if encoding == "UTF8":
        yield ok("encoding", "UTF8")
    else:
        yield warn(
            "encoding", f"{encoding} cannot keep every character", "move to a database with encoding UTF8"
        )


def check_vacuum(raw: Database) -> Iterator[Finding]:
    """Each crossing leaves a dead index entry that a sweep reads past until it is vacuumed away."""
    off = [name for name in ("autovacuum", "track_counts") if _scalar(raw, f"show {name}") != "on"]
    for name in off:
        yield warn("vacuum", f"{name} is off: sweeps get slower", f"in postgresql.conf: {name} = on; reload")
    rows = raw.execute(
        """
        select c.oid::regclass::text
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('helpdesk', 'sla') and 'autovacuum_enabled=false' = any (c.reloptions)
        order by 1
        """
    ).fetchall()
    for (table,) in rows:
        mend = f"alter table {table} reset (autovacuum_enabled)"
        yield warn("vacuum", f"autovacuum leaves {table} alone: sweeps get slower", mend)
    if not off and not rows:
        yield ok("vacuum", "autovacuum is on")


def check_simulated_time(raw: Database) -> Iterator[Finding]:
    """A setting slapg.now that sessions begin with makes time stand still for all of them."""
    rows = raw.execute(
        """
        select case
            when r.oid is null then 'database ' || d.datname
            when d.oid is null then 'role ' || r.rolname
            else 'role ' || r.rolname || ' in database ' || d.datname end
        from pg_catalog.pg_db_role_setting as s
        left join pg_catalog.pg_roles as r on r.oid = s.setrole
        left join pg_catalog.pg_database as d on d.oid = s.setdatabase
        where (s.setdatabase = 0 or d.datname = pg_catalog.current_database())
            and exists (select from pg_catalog.unnest(s.setconfig) as c where c like 'slapg.now=%')
        order by 1
        """
    ).fetchall()
    for (whose,) in rows:
        yield fail("time", f"it stands still: slapg.now is set for {whose}", f"alter {whose} reset slapg.now")
    if not rows:
        yield ok("time", "sessions begin with the real one")


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
