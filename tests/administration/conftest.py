"""The desk of these tests, without the reckoning afterwards: it is the engine's own tests that do that."""

from typing import Any

import psycopg
import pytest

from tests.engine.desk import Desk


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    """A desk of its own for each test; it is Monday, 08:00."""
    return Desk(db)
