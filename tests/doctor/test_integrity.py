"""`slapg doctor` notices what was dropped, switched off or opened since the migration."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from slapg.cluster import Cluster
from slapg.doctor import Level, integrity, schema, server
from slapg.doctor.finding import Finding
from slapg.migrations import migrate
from slapg.migrations.naming import Database
from tests.migrations.conftest import forget_jobs

Db = psycopg.Connection[Any]

ILLNESSES: list[tuple[str, Callable[[Database], Iterator[Finding]], Level, str, str]] = [
    (
        "drop function sla.cancel(uuid)",
        integrity.check_objects,
        Level.FAIL,
        "function sla.cancel is gone",
        "path = 'functions/tracking/cancel.sql'",
    ),
    (
        "drop trigger slapg_insert on helpdesk.tickets",
        integrity.check_objects,
        Level.FAIL,
        "trigger slapg_insert on helpdesk.tickets is gone",
        "path = 'triggers/tickets.sql'",
    ),
    (
        "drop view sla.sweep_history",
        integrity.check_objects,
        Level.FAIL,
        "view sla.sweep_history is gone",
        "path = 'views/sweep_history.sql'",
    ),
    (
        "alter table helpdesk.comments disable trigger user",
        integrity.check_triggers,
        Level.FAIL,
        "on helpdesk.comments is switched off",
        "alter table helpdesk.comments enable trigger",
    ),
    (
        "update pg_index set indisvalid = false where indexrelid = 'sla.clocks_next_fire_at_idx'::regclass",
        integrity.check_indexes,
        Level.FAIL,
        "sla.clocks_next_fire_at_idx is not valid",
        "reindex index concurrently sla.clocks_next_fire_at_idx",
    ),
    (
        "alter table sla.clocks disable row level security",
        integrity.check_row_security,
        Level.FAIL,
        "off on sla.clocks",
        "alter table sla.clocks enable row level security",
    ),
    (
        "alter role slapg_cron password 'secret'",
        schema.check_roles,
        Level.WARN,
        "slapg_cron has a password",
        "alter role slapg_cron password null",
    ),
    (
        "grant usage on schema sla to public",
        schema.check_public,
        Level.WARN,
        "PUBLIC has rights on schema sla",
        "slapg migrate",
    ),
    (
        "alter table sla.clocks set (autovacuum_enabled = false)",
        server.check_vacuum,
        Level.WARN,
        "autovacuum leaves sla.clocks alone",
        "alter table sla.clocks reset (autovacuum_enabled)",
    ),
    (
        "alter role slapg_reader in database {database} set slapg.now = '2020-01-01'",
        server.check_simulated_time,
        Level.FAIL,
        "slapg.now is set for role slapg_reader in database {database}",
        "alter role slapg_reader in database {database} reset slapg.now",
    ),
    (
        "alter database {database} set slapg.now = '2020-01-01'",
        server.check_simulated_time,
        Level.FAIL,
        "slapg.now is set for database {database}",
        "alter database {database} reset slapg.now",
    ),
]


@pytest.mark.parametrize("illness", ILLNESSES, ids=lambda illness: illness[0])
def test_an_illness_is_named_with_its_cure(
    db: Db, illness: tuple[str, Callable[[Database], Iterator[Finding]], Level, str, str]
) -> None:
    cause, check, level, message, mend = illness
    assert {finding.level for finding in check(db)} == {Level.OK}
    with db.transaction(force_rollback=True):  # roles belong to the server, which other tests use, too
        db.execute(cause.format(database=db.info.dbname))
        found = [finding for finding in check(db) if finding.level is not Level.OK]
    assert {finding.level for finding in found} == {level}
    assert message.format(database=db.info.dbname) in found[0].message
    assert mend.format(database=db.info.dbname) in str(found[0].mend)


def test_what_is_gone_comes_back_as_the_doctor_says(cluster: Cluster, db: Db, db_url: str) -> None:
    db.execute("drop function sla.cancel(uuid)")
    (finding,) = integrity.check_objects(db)
    forget = str(finding.mend).partition('"')[2].partition('"')[0]
    db.execute(forget)
    try:
        assert "functions/tracking/cancel.sql" in migrate(db_url).applied
    finally:
        forget_jobs(cluster, db_url)
    assert [finding.level for finding in integrity.check_objects(db)] == [Level.OK]
