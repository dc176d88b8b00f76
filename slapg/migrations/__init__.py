"""Bringing a database to this package's schema: Alembic revisions, then the replaceable files of ``sql/``."""

from slapg.migrations.naming import LOCK_KEY, VERSION_SCHEMA, VERSION_TABLE
from slapg.migrations.report import MigrationReport
from slapg.migrations.runner import migrate

__all__ = ["LOCK_KEY", "VERSION_SCHEMA", "VERSION_TABLE", "MigrationReport", "migrate"]
