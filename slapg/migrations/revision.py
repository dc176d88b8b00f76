"""What a revision in ``alembic/versions`` needs: running plain SQL, online and for ``slapg migrate --sql``."""

from alembic import op


def run_sql(text: str) -> None:
    """Run one or many SQL statements exactly as written.

    ``op.execute`` would read ``:name`` as a parameter (``'[1:2]'``, ``x::text``) and some drivers ``%``;
    this passes the text through untouched, in the migration's transaction.  Under ``slapg migrate --sql``
    it prints the text instead.

    Raises ``sqlalchemy.exc.DBAPIError`` with the server's own SQLSTATE when a statement fails.
    """
    context = op.get_context()
    if context.as_sql:
        # Not static_output(): it may not touch the text (tabs and line ends live inside string literals too).
        assert context.output_buffer is not None
        context.output_buffer.write(text.strip() + "\n\n")
        return
    op.get_bind().exec_driver_sql(text, execution_options={"no_parameters": True})
