"""The desk of these tests."""

from typing import Any

import psycopg
import pytest

from tests.engine.desk import Desk


@pytest.fixture
def desk(db: psycopg.Connection[Any]) -> Desk:
    """A desk of its own for each test; it is Monday, 08:00. What a test breaks stays broken."""
    return Desk(db)
