"""The configuration of the current tenant, read from the database as a policy file would say it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

from slapg.policies.fields import time_from_sql
from slapg.policies.model import (
    Board,
    Client,
    EscalationManager,
    File,
    Policy,
    Priority,
    Schedule,
    Settings,
    Target,
    Threshold,
)
from slapg.policies.names import Names
from slapg.policies.rows import NOTIFIED, EntryRow, HolidayRow, canonical, entries_of, holidays_of

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Current:
    """What holds now. Boards and clients are in it when anything holds for them."""

    file: File
    names: Names


def read(connection: Connection, users: Iterable[str] = ()) -> Current:
    """Read it within the caller's transaction. `users` are more names of users to look up.

    Raises `SlapgError` when two things have one name, so that a file could not tell them apart.
    """
    reader = _Reader(connection)
    reader.learn_names(list(users))
    file = File.model_construct(
        settings=reader.settings(),
        priorities=reader.priorities(),
        schedules=reader.schedules(),
        holidays=reader.holidays_by_schedule().get(None, ()),
        policies=reader.policies(),
        pausing_statuses=reader.pausing_statuses().get(None, ()),
        boards=dict(sorted(reader.boards())),
        clients=dict(sorted(reader.clients())),
    )
    return Current(file, reader.names)


class _Reader:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.names = Names()

    def rows(self, query: str, *parameters: Any) -> list[Any]:
        with self.connection.cursor(row_factory=namedtuple_row) as cursor:
            return cursor.execute(query.encode(), parameters).fetchall()

    def learn_names(self, users: list[str]) -> None:
        for row in self.rows(NAMES):
            self.names.add(row.kind, row.name, row.id, board=row.board_id)
        for row in self.rows(USERS, users):
            self.names.add_user(row.user_id, row.name, row.email)

    def settings(self) -> Settings:
        [row] = self.rows(
            """
            select timezone, pause_on_awaiting_client, close_completes_response, reopen_mode, at_risk_percent,
                   extract(epoch from import_after) as import_after, digest_after, locale
            from sla.settings where tenant_id = helpdesk.current_tenant()
            """
        )
        return Settings.model_construct(**row._asdict())

    def priorities(self) -> dict[str, Priority]:
        rows = self.rows(
            """
            select priority_id, rank, itil_level from helpdesk.priorities
            where tenant_id = helpdesk.current_tenant() and archived_at is null
            """
        )
        found = [(self._name("priority", row.priority_id), row) for row in rows]
        return {
            name: Priority.model_construct(rank=row.rank, itil_level=row.itil_level)
            for name, row in sorted(found, key=lambda item: (item[1].rank, item[0]))
        }

    def schedules(self) -> dict[str, Schedule]:
        entries, holidays = self._entries_by_schedule(), self.holidays_by_schedule()
        rows = self.rows(
            """
            select schedule_id, timezone, is_default, is_24x7 from sla.schedules
            where tenant_id = helpdesk.current_tenant() and archived_at is null
            """
        )
        found = {
            self._name("schedule", row.schedule_id): Schedule.model_construct(
                timezone=row.timezone,
                is_default=row.is_default,
                is_24x7=row.is_24x7,
                entries=entries_of(entries[row.schedule_id]),
                holidays=holidays.get(row.schedule_id, ()),
            )
            for row in rows
        }
        return dict(sorted(found.items()))

    def _entries_by_schedule(self) -> dict[UUID, list[EntryRow]]:
        found: dict[UUID, list[EntryRow]] = defaultdict(list)
        for row in self.rows(
            """
            select schedule_id, day_of_week, start_time::text, end_time::text, is_enabled,
                   nullif(valid_from, '-infinity') as valid_from, nullif(valid_to, 'infinity') as valid_to
            from sla.schedule_entries where tenant_id = helpdesk.current_tenant()
            """
        ):
            start, end = time_from_sql(row.start_time), time_from_sql(row.end_time)
            found[row.schedule_id].append(
                EntryRow(row.day_of_week, start, end, row.is_enabled, row.valid_from, row.valid_to)
            )
        return found

    def holidays_by_schedule(self) -> dict[UUID | None, Any]:
        found: dict[UUID | None, list[HolidayRow]] = defaultdict(list)
        for row in self.rows(
            """
            select schedule_id, name, holiday_date, is_recurring, start_time::text, end_time::text
            from sla.holidays where tenant_id = helpdesk.current_tenant()
            """
        ):
            on = row.holiday_date.isoformat()
            start = row.start_time and time_from_sql(row.start_time)
            end = row.end_time and time_from_sql(row.end_time)
            on = on[len("2026-") :] if row.is_recurring else on
            found[row.schedule_id].append(HolidayRow(on, row.name, start, end))
        return {schedule_id: holidays_of(rows) for schedule_id, rows in found.items()}

    def policies(self) -> dict[str, Policy]:
        targets, thresholds = self._targets_by_policy(), self._thresholds_by_policy()
        rows = self.rows(
            """
            select policy_id, description, is_default, schedule_id from sla.policies
            where tenant_id = helpdesk.current_tenant() and archived_at is null
            """
        )
        found = {
            self._name("policy", row.policy_id): canonical(
                Policy.model_construct(
                    description=row.description,
                    is_default=row.is_default,
                    schedule=self.names.of("schedule", row.schedule_id),
                    targets=targets[row.policy_id],
                    thresholds=thresholds[row.policy_id],
                )
            )
            for row in rows
        }
        return dict(sorted(found.items()))

    def _targets_by_policy(self) -> dict[UUID, dict[str, Target]]:
        found: dict[UUID, dict[str, Target]] = defaultdict(dict)
        rows = self.rows(
            """
            select g.*, r.rank from sla.policy_targets g
            join sla.policies p on p.tenant_id = g.tenant_id and p.policy_id = g.policy_id
            join helpdesk.priorities r on r.tenant_id = g.tenant_id and r.priority_id = g.priority_id
            where g.tenant_id = helpdesk.current_tenant() and p.archived_at is null
            """
        )
        named = [(row.rank, self._name("priority", row.priority_id), row) for row in rows]
        for _, name, row in sorted(named, key=lambda item: item[:2]):
            found[row.policy_id][name] = Target.model_construct(
                response=row.response_minutes,
                resolution=row.resolution_minutes,
                escalation_percents=(
                    row.escalation_1_percent,
                    row.escalation_2_percent,
                    row.escalation_3_percent,
                ),
                is_24x7=row.is_24x7,
            )
        return found

    def _thresholds_by_policy(self) -> dict[UUID, dict[int, Threshold]]:
        found: dict[UUID, dict[int, Threshold]] = defaultdict(dict)
        for row in self.rows(
            "select * from sla.notification_thresholds where tenant_id = helpdesk.current_tenant()"
        ):
            told = tuple(who for who in NOTIFIED if getattr(row, f"notify_{who}"))
            found[row.policy_id][row.percent] = Threshold.model_construct(
                notify=told, channels=tuple(row.channels)
            )
        return found

    def pausing_statuses(self) -> dict[UUID | None, tuple[str, ...]]:
        found: dict[UUID | None, list[str]] = defaultdict(list)
        for row in self.rows(
            """
            select s.status_id, s.board_id from sla.status_pause_config c
            join helpdesk.statuses s on s.tenant_id = c.tenant_id and s.status_id = c.status_id
            where c.tenant_id = helpdesk.current_tenant() and c.pauses_sla and s.archived_at is null
            """
        ):
            name = self.names.of("status", row.status_id, board=row.board_id)
            found[row.board_id].append(name or "")
        return {board_id: tuple(sorted(names)) for board_id, names in found.items()}

    def boards(self) -> Iterable[tuple[str, Board]]:
        managers: dict[UUID, dict[int, EscalationManager]] = defaultdict(dict)
        for row in self.rows(
            "select * from sla.escalation_managers where tenant_id = helpdesk.current_tenant()"
        ):
            managers[row.board_id][row.level] = EscalationManager.model_construct(
                manager=self._name("user", row.manager_user_id), notify_via=tuple(row.notify_via)
            )
        pausing = self.pausing_statuses()
        for row in self.rows("select * from helpdesk.boards where tenant_id = helpdesk.current_tenant()"):
            board = Board.model_construct(
                policy=self.names.of("policy", row.sla_policy_id),
                manager=self.names.of("user", row.manager_user_id),
                escalation_managers=dict(sorted(managers[row.board_id].items())),
                pausing_statuses=pausing.get(row.board_id, ()),
            )
            if board.plain() != Board().plain():
                yield self._name("board", row.board_id), board

    def clients(self) -> Iterable[tuple[str, Client]]:
        for row in self.rows(
            """
            select client_id, sla_policy_id from helpdesk.clients
            where tenant_id = helpdesk.current_tenant() and sla_policy_id is not null
            """
        ):
            policy = self.names.of("policy", row.sla_policy_id)
            yield self._name("client", row.client_id), Client.model_construct(policy=policy)

    def _name(self, kind: str, row: UUID) -> str:
        return self.names.of(kind, row) or ""


NAMES = """
    select 'priority' as kind, name, priority_id as id, null::uuid as board_id from helpdesk.priorities
    where tenant_id = helpdesk.current_tenant() and archived_at is null
    union all
    select 'schedule', name, schedule_id, null from sla.schedules
    where tenant_id = helpdesk.current_tenant() and archived_at is null
    union all
    select 'policy', name, policy_id, null from sla.policies
    where tenant_id = helpdesk.current_tenant() and archived_at is null
    union all
    select 'board', name, board_id, null from helpdesk.boards where tenant_id = helpdesk.current_tenant()
    union all
    select 'client', name, client_id, null from helpdesk.clients where tenant_id = helpdesk.current_tenant()
    union all
    select 'status', name, status_id, board_id from helpdesk.statuses
    where tenant_id = helpdesk.current_tenant() and archived_at is null
"""

# Managers, the users that the caller names, and whoever shares a name or an address with one of them: a desk
# may have a hundred thousand contacts.
USERS = """
    with managers as (
        select u.name, u.email from helpdesk.users u
        where u.tenant_id = helpdesk.current_tenant() and u.user_id in (
            select b.manager_user_id from helpdesk.boards b where b.tenant_id = helpdesk.current_tenant()
            union all
            select e.manager_user_id from sla.escalation_managers e
            where e.tenant_id = helpdesk.current_tenant())
    ), called as (
        select name from managers union select email from managers union select unnest(%s::text[])
    )
    select u.user_id, u.name, u.email from helpdesk.users u
    where u.tenant_id = helpdesk.current_tenant()
        and (u.name in (select c.name from called c) or u.email in (select c.name from called c))
"""
