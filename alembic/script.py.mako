"""${message}

Revision: ${up_revision}
Revises: ${down_revision | comma,n}
"""

from slapg.migrations.revision import run_sql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables, types, constraints, indexes, seed rows; functions, triggers and views belong to sql/."""
    run_sql(
        """
        """
    )


def downgrade() -> None:
    """Exactly undo upgrade(): the schema dump after down and up again must be the same."""
    run_sql(
        """
        """
    )
