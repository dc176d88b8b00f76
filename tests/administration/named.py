"""Find things by their names, and be refused: what the tests of the administration functions share."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.engine.desk import Desk


def refused(desk: Desk, query: str, *values: Any) -> tuple[str, str]:
    """SQLSTATE and message; nothing is done."""
    with pytest.raises(psycopg.Error) as refusal, desk.db.transaction():
        desk.db.execute(query.encode(), values)
    assert refusal.value.diag.message_hint
    return str(refusal.value.sqlstate), str(refusal.value.diag.message_primary)


def policy(desk: Desk, name: str) -> UUID:
    return desk.named("sla.policies", name)


def status(desk: Desk, name: str) -> UUID:
    return desk.named("helpdesk.statuses", name)


def priority(desk: Desk, name: str) -> UUID:
    return desk.named("helpdesk.priorities", name)


def names(desk: Desk, query: str) -> set[str]:
    return {row[0] for row in desk.rows(query)}
