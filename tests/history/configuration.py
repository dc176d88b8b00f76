"""Writes a desk's configuration into the database in plain SQL, and changes it."""

import uuid
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql

from tests.oracle import steps
from tests.oracle.desk import Calendar, Desk, Policy, Target


class DeskConfiguration:
    """One tenant of the database, set up as a desk; every name becomes an id within it."""

    def __init__(self, db: psycopg.Connection[Any], tenant: uuid.UUID) -> None:
        self.db = db
        self.tenant = tenant
        self.names: dict[uuid.UUID, str] = {}
        db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])

    def id(self, kind: str, name: str | None) -> uuid.UUID | None:
        if name is None:
            return None
        key = uuid.uuid5(self.tenant, f"{kind} {name}")
        self.names[key] = name
        return key

    def rows(self, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        """One INSERT of all rows."""
        if rows:
            one = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
            text = f"insert into {table} ({columns}) values " + ", ".join([one] * len(rows))
            self.db.execute(text, [value for row in rows for value in row])

    def set_up(self, desk: Desk) -> None:
        self.rows("helpdesk.tenants", "tenant_id, name", [(self.tenant, str(self.tenant))])
        settings = vars(desk.settings)
        self.db.execute(
            """
            insert into sla.settings (tenant_id, pause_on_awaiting_client, close_completes_response,
                reopen_mode, import_after)
            values (%(tenant)s, %(pause_on_awaiting_client)s, %(close_completes_response)s, %(reopen_mode)s,
                %(import_after)s)
            on conflict (tenant_id) do update set
                pause_on_awaiting_client = excluded.pause_on_awaiting_client,
                close_completes_response = excluded.close_completes_response,
                reopen_mode = excluded.reopen_mode, import_after = excluded.import_after
            """,
            {"tenant": self.tenant, **settings},
        )
        for name, calendar in desk.schedules.items():
            self._schedule(name, calendar, name == desk.default_schedule)
        self.rows(
            "helpdesk.priorities", "priority_id, name", [(self.id("priority", n), n) for n in desk.priorities]
        )
        for name, policy in desk.policies.items():
            self._policy(name, policy, name == desk.default_policy)
        for table, kind, named in (("clients", "client", desk.clients), ("boards", "board", desk.boards)):
            rows = [(self.id(kind, name), name, self.id("policy", policy)) for name, policy in named.items()]
            self.rows(f"helpdesk.{table}", f"{kind}_id, name, sla_policy_id", rows)
        statuses = desk.statuses.items()
        self.rows(
            "helpdesk.statuses",
            "status_id, name, is_closed",
            [(self.id("status", name), name, status.is_closed) for name, status in statuses],
        )
        self.rows(
            "sla.status_pause_config",
            "status_id, pauses_sla",
            [(self.id("status", name), True) for name, status in statuses if status.pauses],
        )

    def _schedule(self, name: str, calendar: Calendar | None, is_default: bool) -> None:
        zone = calendar.timezone if calendar else "UTC"
        self.rows(
            "sla.schedules",
            "schedule_id, name, timezone, is_24x7, is_default",
            [(self.id("schedule", name), name, zone, calendar is None, is_default)],
        )
        if calendar:
            self._hours(name, calendar)

    def _hours(self, name: str, calendar: Calendar) -> None:
        schedule = self.id("schedule", name)
        self.rows(
            "sla.schedule_entries",
            "schedule_id, day_of_week, start_time, end_time",
            [(schedule, row.day_of_week, wall(row.start), wall(row.end)) for row in calendar.entries],
        )
        self.rows(
            "sla.holidays",
            "schedule_id, name, holiday_date, is_recurring, start_time, end_time",
            [
                (schedule, "holiday", row.day, row.is_recurring, *part_of_day(row.start, row.end))
                for row in calendar.holidays
            ],
        )

    def _policy(self, name: str, policy: Policy, is_default: bool) -> None:
        self.rows(
            "sla.policies",
            "policy_id, name, is_default, schedule_id",
            [(self.id("policy", name), name, is_default, self.id("schedule", policy.schedule))],
        )
        for priority, target in policy.targets.items():
            self._target(name, priority, target)
        self._thresholds(name, policy.thresholds)

    def _target(self, policy: str, priority: str, target: Target) -> None:
        self.db.execute(
            """
            insert into sla.policy_targets (policy_id, priority_id, response_minutes, resolution_minutes,
                escalation_1_percent, escalation_2_percent, escalation_3_percent, is_24x7)
            values (%s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (tenant_id, policy_id, priority_id) do update set
                response_minutes = excluded.response_minutes,
                resolution_minutes = excluded.resolution_minutes,
                escalation_1_percent = excluded.escalation_1_percent,
                escalation_2_percent = excluded.escalation_2_percent,
                escalation_3_percent = excluded.escalation_3_percent, is_24x7 = excluded.is_24x7
            """,
            [
                self.id("policy", policy),
                self.id("priority", priority),
                target.response,
                target.resolution,
                *target.escalation,
                target.is_24x7,
            ],
        )

    def _thresholds(self, policy: str, percents: frozenset[int]) -> None:
        rows = [(self.id("policy", policy), percent) for percent in sorted(percents)]
        self.rows("sla.notification_thresholds", "policy_id, percent", rows)

    def configure(self, statement: steps.Statement) -> None:
        match statement:
            case steps.SetPausing(status, pauses):
                self.db.execute(
                    "insert into sla.status_pause_config (status_id, pauses_sla) values (%s, %s)"
                    " on conflict (tenant_id, status_id) do update set pauses_sla = excluded.pauses_sla",
                    [self.id("status", status), pauses],
                )
            case steps.SetClosed(status, is_closed):
                self.db.execute(
                    "update helpdesk.statuses set is_closed = %s where status_id = %s",
                    [is_closed, self.id("status", status)],
                )
            case steps.SetSetting(name, value):
                text = sql.SQL("update sla.settings set {} = %s where tenant_id = %s")
                self.db.execute(text.format(sql.Identifier(name)), [value, self.tenant])
            case steps.EditCalendar(schedule, calendar):
                self._edit_calendar(schedule, calendar)
            case steps.EditTarget(policy, priority, target):
                self._target(policy, priority, target)
            case steps.EditThresholds(policy, percents):
                self.db.execute(
                    "delete from sla.notification_thresholds where policy_id = %s",
                    [self.id("policy", policy)],
                )
                self._thresholds(policy, percents)
            case steps.Recalculate(policy):
                self.db.execute("select sla.recalculate(%s)", [self.id("policy", policy)])
            case _:
                raise TypeError(statement)

    def _edit_calendar(self, name: str, calendar: Calendar) -> None:
        schedule = self.id("schedule", name)
        self.db.execute("delete from sla.schedule_entries where schedule_id = %s", [schedule])
        self.db.execute("delete from sla.holidays where schedule_id = %s", [schedule])
        self.db.execute(
            "update sla.schedules set timezone = %s where schedule_id = %s", [calendar.timezone, schedule]
        )
        self._hours(name, calendar)


def wall(since_midnight: timedelta) -> str:
    """A time of day as SQL reads it; 24:00 is midnight at the end."""
    minutes = since_midnight // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def part_of_day(start: timedelta, end: timedelta) -> tuple[str | None, str | None]:
    """The two times of a half-day holiday; none for the whole day."""
    if (start, end) == (timedelta(0), timedelta(days=1)):
        return None, None
    return wall(start), wall(end)
