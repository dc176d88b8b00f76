"""What a revision in `alembic/versions` needs: running plain SQL."""

from alembic import op


def run_sql(text: str) -> None:
    """Run one or many SQL statements exactly as written.

    `op.execute` would read `:name` as a parameter (`'[1:2]'`, `x::text`) and some drivers `%`;
    this passes the text through untouched, in the migration's transaction.  Under `slapg migrate --sql`
    it prints the text instead.

    Raises `sqlalchemy.exc.DBAPIError` with the server's own SQLSTATE when a statement fails.
    """
    context = op.get_context()
    if context.as_sql:
        context.impl.static_output(text.strip())
        return
    op.get_bind().exec_driver_sql(text, execution_options={"no_parameters": True})
