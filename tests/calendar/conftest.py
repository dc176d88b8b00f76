"""Schedules in the test's database."""

from typing import Any

import psycopg
import pytest

from tests.calendar.schedules import Schedules


@pytest.fixture
def schedules(db: psycopg.Connection[Any]) -> Schedules:
    """Makes schedules in the test's database and asks for their business time."""
    return Schedules(db)
