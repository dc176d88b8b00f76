"""Tenants' own templates are read over a connection that comes back."""

from uuid import UUID

from slapg.listener.template_rows import TemplateRows

TENANT = UUID(int=1)


def test_rows_are_read_also_after_the_connection_was_lost(db, db_url: str) -> None:
    rows = TemplateRows(db_url)
    assert rows.load(TENANT) == []
    db.execute(
        "insert into sla.message_templates (template, locale, body) values ('warning', 'de', 'Achtung')"
    )
    db.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'slapg listen' and datname = current_database()"
    )
    assert rows.load(TENANT) == [("warning", "de", "Achtung")]
    rows.close()
