"""Rows of the current tenant's tables: inserted, updated, deleted by key."""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg import sql

from slapg.policies.fields import LEAP_YEAR
from slapg.policies.model import Target, Threshold
from slapg.policies.rows import NOTIFIED, HolidayRow

TENANT = sql.SQL("tenant_id = helpdesk.current_tenant()")

Values = Mapping[str, Any]


def hold_configuration(connection: psycopg.Connection[Any]) -> None:
    """Keep other changes of the configuration, and ticket writes, out until the end of the transaction.

    Changes no row: the statement trigger of the table takes the lock.
    """
    connection.execute("update sla.settings set timezone = timezone where false")


class Rows:
    """The statements that configuration needs."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def put(
        self, table: str, key: Values, old: Any, new: Any, values: Callable[[Any], dict[str, Any]]
    ) -> None:
        """Insert what was not there, update what differs; `values` makes columns of it."""
        if old is None:
            self.insert(table, dict(key) | values(new))
        elif old != new:
            self.update(table, key, values(new))

    def insert(self, table: str, values: Values, returning: str | None = None) -> Any:
        """One row; the value of its column `returning`."""
        query = sql.SQL("insert into {} ({}) values ({}) returning {}").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(sql.Placeholder() * len(values)),
            sql.Identifier(returning or "tenant_id"),
        )
        row = self.connection.execute(query, list(values.values())).fetchone()
        return row[0] if row else None

    def update(self, table: str, key: Values, values: Values) -> None:
        """The rows with that key."""
        query = sql.SQL("update {} set {} where {}").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in values),
            _where(key),
        )
        self.connection.execute(query, [*values.values(), *key.values()])

    def delete(self, table: str, key: Values) -> None:
        """The rows with that key, or their retirement: the table's trigger decides."""
        query = sql.SQL("delete from {} where {}").format(sql.Identifier(*table.split(".")), _where(key))
        self.connection.execute(query, list(key.values()))


def _where(key: Values) -> sql.Composed:
    parts = [sql.SQL("{} is not distinct from %s").format(sql.Identifier(name)) for name in key]
    return sql.SQL(" and ").join([TENANT, *parts])


def holiday_values(row: HolidayRow) -> dict[str, Any]:
    """The columns of `sla.holidays` but for the schedule."""
    is_recurring = len(row.date) == len("12-25")
    return {
        "name": row.name,
        "holiday_date": f"{LEAP_YEAR}-{row.date}" if is_recurring else row.date,
        "is_recurring": is_recurring,
        "start_time": row.start_time,
        "end_time": row.end_time,
    }


def target_values(target: Target) -> dict[str, Any]:
    """The columns of `sla.policy_targets` but for its keys."""
    percents = [*target.escalation_percents, None, None, None]
    return {
        "response_minutes": target.response,
        "resolution_minutes": target.resolution,
        "is_24x7": target.is_24x7,
    } | {f"escalation_{level}_percent": percents[level - 1] for level in (1, 2, 3)}


def threshold_values(threshold: Threshold) -> dict[str, Any]:
    """The columns of `sla.notification_thresholds` but for its keys."""
    told = {f"notify_{who}": who in threshold.notify for who in NOTIFIED}
    return {**told, "channels": list(threshold.channels)}
