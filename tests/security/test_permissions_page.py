"""docs/permissions.md says what the catalogue says.

`SLAPG_WRITE_DOCS=1 pytest tests/security/test_permissions_page.py` brings the page up to date.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.security import permissions

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
Db = psycopg.Connection[Any]


@pytest.mark.parametrize("render", [permissions.tables, permissions.views, permissions.routines])
def test_the_page_is_true(db: Db, render: Callable[[Db], str]) -> None:
    block = re.compile(rf"(<!-- {render.__name__} -->\n).*?(\n<!-- end -->)", re.DOTALL)
    page = PAGE.read_text()
    assert len(block.findall(page)) == 1
    expected = block.sub(lambda match: match[1] + render(db) + match[2], page)
    if os.environ.get("SLAPG_WRITE_DOCS"):
        PAGE.write_text(expected)
    else:
        assert page == expected, "bring it up to date: see the head of this file"


def test_every_role_is_described(db: Db) -> None:
    roles = [row[0] for row in db.execute("select rolname from pg_roles where rolname like 'slapg\\_%'")]
    page = PAGE.read_text()
    assert len(roles) == 8
    assert [role for role in roles if f"| `{role}` |" not in page] == []


def test_its_example_runs(db: Db) -> None:
    """The SQL of the page, as a superuser, on a database with nothing in it; roles go with the rollback."""
    examples = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert examples
    with db.transaction(force_rollback=True):
        for example in examples:
            db.execute(example.encode())
        found = db.execute("select role_name::text from sla.role_tenants order by 1").fetchall()
        assert found == [("acme_app",)]
