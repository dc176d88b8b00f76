"""What `slapg migrate` remembers: which file of sql/ was applied last, and which objects it made.

Revision: 0000
Revises: nothing
"""

from slapg.migrations.revision import run_sql

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of applied files; its schema exists already, for Alembic's version table."""
    run_sql(
        """
        create table slapg_meta.applied_sql (
            path       text        not null primary key,
            sha256     text        not null,
            objects    text[]      not null,
            applied_at timestamptz not null default now(),
            constraint applied_sql_sha256_check check (sha256 ~ '^[0-9a-f]{64}$')
        );

        comment on table slapg_meta.applied_sql is
            'One row per file of sql/ that is in force: what `slapg migrate` applied last from it.';
        comment on column slapg_meta.applied_sql.path is
            'Path of the file below sql/, for example functions/sweep/sweep.sql.';
        comment on column slapg_meta.applied_sql.sha256 is
            'SHA-256 of the text applied last, in hex; a file that differs is applied again.';
        comment on column slapg_meta.applied_sql.objects is
            'What the file creates: "function schema.name", "procedure schema.name", "view schema.name", '
            '"trigger name on schema.table". An object that leaves its file is dropped.';
        comment on column slapg_meta.applied_sql.applied_at is
            'When the text was applied (UTC instant, start of the migrating transaction).';
        """
    )


def downgrade() -> None:
    """Forget what was applied; by now nothing of sql/ is left."""
    run_sql("drop table slapg_meta.applied_sql;")
