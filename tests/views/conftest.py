"""A small desk whose deadlines can be reckoned in the head."""

from typing import Any

import psycopg
import pytest

from tests.views.desk import Desk


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    """Open Monday to Friday 09:00 to 17:00 UTC; priority Normal: answer in 1 h, resolve in 8 h."""
    return Desk(db)
