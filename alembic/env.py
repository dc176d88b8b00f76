"""Alembic's entry point.  It runs revisions only; the rest of a migration lives in `slapg.migrations`.

The caller (`slapg migrate`) owns the connection and its transaction, because functions, views and roles
must be applied in the transaction of the revisions.  `alembic revision`, `history` and `heads` work
from the command line as usual.
"""

from alembic import context

from slapg.errors import SlapgError
from slapg.migrations import VERSION_SCHEMA, VERSION_TABLE


def run_offline() -> None:
    """Print the revisions' SQL; whoever asked adds begin and commit."""
    context.configure(
        dialect_name="postgresql",
        version_table=VERSION_TABLE,
        version_table_schema=VERSION_SCHEMA,
        transactional_ddl=False,
        literal_binds=True,
    )
    # Else each insert into the version table returns a row, which psql prints.
    context.get_context().dialect.insert_returning = False
    context.run_migrations()


def run_online() -> None:
    """Run the revisions on the caller's connection, inside the caller's transaction."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise SlapgError(
            "alembic has no database connection of its own here",
            hint="run `slapg migrate` (or `slapg migrate --to REVISION`), which also applies sql/",
            exit_code=2,
        )
    context.configure(
        connection=connection,
        version_table=VERSION_TABLE,
        version_table_schema=VERSION_SCHEMA,
    )
    context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
