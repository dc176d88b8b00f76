"""The fixed names of slapg's own bookkeeping in a database."""

from typing import Any

import psycopg

Database = psycopg.Connection[tuple[Any, ...]]
"""A connection as the modules of this package pass it around."""

VERSION_SCHEMA = "slapg_meta"
"""Its own schema, because Alembic's table must outlive the schemas that revisions make and drop."""

VERSION_TABLE = "alembic_version"

LOCK_KEY = 0x736C617067
"""Advisory lock ("slapg" in hex) that one migration of a database holds from its first to its last step."""

JOBS_LOCK_KEY = LOCK_KEY + 1
"""Advisory lock of pg_cron's database: migrations of several databases register their jobs there."""

SETTINGS = """\
set local search_path = pg_catalog, pg_temp;
set local timezone = 'UTC';
set local statement_timeout = 0;
set local client_min_messages = warning;
set local check_function_bodies = off;
"""
"""In force for each migrating transaction: a name without its schema fails, and functions need no order."""

PREAMBLE = """\
create extension if not exists plpython3u;
create schema if not exists slapg_meta;
comment on schema slapg_meta is 'What slapg remembers of its own installation: revision and applied files.';
"""
"""What must exist before the first revision."""
