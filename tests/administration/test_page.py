"""docs/administration.md: its examples run in order, as an administrator, and do what the page says."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "administration.md"
BLOCK = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def examples() -> list[str]:
    return BLOCK.findall(PAGE.read_text())


def test_the_examples_run_and_leave_the_desk_that_they_describe(
    db: psycopg.Connection[Any], connect: Any, examples: list[str]
) -> None:
    assert len(examples) > 12
    role = f"admin_{db.info.dbname}"
    db.execute(f"create role {role} login in role slapg_admin, slapg_app".encode())
    try:
        admin = connect(user=role)
        for example in examples:
            admin.execute(example.encode())
        admin.close()
    finally:
        db.execute(f"drop role {role}".encode())
    found = db.execute(
        """
        select (select string_agg(name, ', ' order by name) from sla.policies where archived_at is null),
               (select string_agg(name, ', ' order by name) from sla.schedules where archived_at is null),
               (select string_agg(name, ', ') from sla.policies where is_default),
               (select target from sla.clocks where metric = 'resolution'),
               (select bool_and(calendar_id is distinct from old) from sla.clocks,
                    (select min(calendar_id) as old from sla.calendars) o),
               (select p.name from helpdesk.boards b join sla.policies p on p.policy_id = b.sla_policy_id),
               (select reopen_mode from sla.settings),
               (select count(distinct actor) from sla.configuration_history where table_name = 'sla.policies')
        """
    ).fetchone()
    assert found is not None
    assert found[:3] == ("Gold, ITIL Standard", "Always", "Gold")
    assert (str(found[3]), *found[4:]) == ("4:00:00", True, "Gold", "restart", 1)


def test_the_page_shows_every_function(db: psycopg.Connection[Any], examples: list[str]) -> None:
    folder = PAGE.parents[1] / "sql" / "functions" / "administration"
    public = {f"sla.{file.stem}(" for file in folder.glob("[!_]*.sql")}
    assert len(public) > 20
    shown = "\n".join(examples)
    assert {name for name in public if name not in shown} == set()
