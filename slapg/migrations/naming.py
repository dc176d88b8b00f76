"""The fixed names of slapg's own bookkeeping in a database."""

VERSION_SCHEMA = "slapg_meta"
"""Its own schema, because Alembic's table must outlive the schemas that revisions make and drop."""

VERSION_TABLE = "alembic_version"

LOCK_KEY = 0x736C617067
"""Advisory lock ("slapg" in hex) that one migration of a database holds from its first to its last step."""
