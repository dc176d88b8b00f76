"""Changes as rows of the configuration tables. Their triggers judge each row; nothing is judged here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg

from slapg.policies.document import Document
from slapg.policies.model import Board, Client, File, Holiday, Policy, Schedule
from slapg.policies.names import Names
from slapg.policies.planning import Change
from slapg.policies.problems import PolicyFileError, Problem, Step
from slapg.policies.rows import HolidayRow, entry_rows, holiday_rows
from slapg.policies.statements import Rows, Values, holiday_values, target_values, threshold_values

BLAMED = ("SL", "22", "23")
"""Classes of SQLSTATE that mean: what the file says cannot be stored."""


class Writer:
    """Writes the changes of one file within the caller's transaction."""

    def __init__(
        self, connection: psycopg.Connection[Any], names: Names, file: File, document: Document
    ) -> None:
        self.connection = connection
        self.rows = Rows(connection)
        self.names = names
        self.file = file
        self.document = document

    def write(self, changes: list[Change]) -> None:
        """Write them all: what others refer to first, what they no longer refer to last."""
        self._step_down(changes)
        doing = [change for change in changes if change.action in ("created", "changed")]
        for section in ("settings", "priorities", "schedules", "holidays", "policies", "pausing_statuses"):
            for change in doing:
                if change.section == section:
                    getattr(self, f"_write_{section}")(change)
        for change in changes:
            if change.section in ("boards", "clients") and change.action in ("changed", "removed"):
                getattr(self, f"_write_{change.section}")(change)
        for section in ("policies", "schedules", "priorities"):
            for change in changes:
                if change.section == section and change.action == "removed":
                    self.rows.delete(TABLES[section], self._key(change))

    def _step_down(self, changes: list[Change]) -> None:
        """At most one default at any moment: the old one leaves before the new one comes."""
        for section in ("schedules", "policies"):
            ours = [change for change in changes if change.section == section]
            if not any(change.new and change.new.is_default for change in ours):
                continue
            for change in ours:
                if change.old and change.old.is_default and not (change.new and change.new.is_default):
                    self.rows.update(TABLES[section], self._key(change), {"is_default": False})

    def _key(self, change: Change) -> dict[str, UUID]:
        kind = KINDS[change.section]
        return {f"{kind}_id": self.names.find(kind, change.name or "")}

    # The tenant's own

    def _write_settings(self, change: Change) -> None:
        values = change.new.model_dump() | {"import_after": f"{change.new.import_after} seconds"}
        with self._blaming("settings"):
            self.rows.update("sla.settings", {}, values)

    def _write_holidays(self, change: Change) -> None:
        self._replace_holidays(None, change.old, change.new, self.file.holidays, ("holidays",))

    def _write_pausing_statuses(self, change: Change) -> None:
        self._replace_pausing(None, change.old, change.new, ("pausing_statuses",))

    def _replace_pausing(
        self, board: UUID | None, old: Iterable[str], new: Iterable[str], path: tuple[Step, ...]
    ) -> None:
        for name in set(old) - set(new):
            status = self.names.find("status", name, board=board)
            self.rows.delete("sla.status_pause_config", {"status_id": status})
        for name in sorted(set(new) - set(old)):
            status = self.names.find("status", name, board=board)
            with self._blaming(*path):
                self.connection.execute(
                    "insert into sla.status_pause_config (status_id, pauses_sla) values (%s, true)"
                    " on conflict (tenant_id, status_id) do update set pauses_sla = true",
                    [status],
                )

    # Priorities and schedules

    def _write_priorities(self, change: Change) -> None:
        with self._blaming("priorities", change.name):
            self._save(change, change.new.model_dump())

    def _write_schedules(self, change: Change) -> None:
        name, new = str(change.name), change.new
        old: Schedule = change.old or Schedule()
        with self._blaming("schedules", name):
            row = self._save(
                change, {key: getattr(new, key) for key in ("timezone", "is_default", "is_24x7")}
            )
        self._replace_entries(row, name, old, new)
        given = self.file.schedules[name].holidays if name in self.file.schedules else ()
        self._replace_holidays(row, old.holidays, new.holidays, given, ("schedules", name, "holidays"))

    def _replace_entries(self, schedule: UUID, name: str, old: Schedule, new: Schedule) -> None:
        before = {row for entry in old.entries for row in entry_rows(entry)}
        after = {row for entry in new.entries for row in entry_rows(entry)}
        for row in before - after:
            self.rows.delete("sla.schedule_entries", {"schedule_id": schedule} | row._asdict())
        given = self.file.schedules[name].entries if name in self.file.schedules else ()
        for place, entry in enumerate(given):
            with self._blaming("schedules", name, "entries", place):
                for row in entry_rows(entry):
                    if row in after - before:
                        after.discard(row)
                        self.rows.insert("sla.schedule_entries", {"schedule_id": schedule} | row._asdict())

    def _replace_holidays(
        self,
        schedule: UUID | None,
        old: Iterable[Holiday],
        new: Iterable[Holiday],
        given: Iterable[Holiday],
        path: tuple[Step, ...],
    ) -> None:
        before = {row for holiday in old for row in holiday_rows(holiday)}
        after = {row for holiday in new for row in holiday_rows(holiday)}
        for row in before - after:
            self._delete_holiday(schedule, row)
        for place, holiday in enumerate(given):
            with self._blaming(*path, place):
                for row in holiday_rows(holiday):
                    if row in after - before:
                        after.discard(row)
                        self.rows.insert("sla.holidays", {"schedule_id": schedule} | holiday_values(row))

    def _delete_holiday(self, schedule: UUID | None, row: HolidayRow) -> None:
        self.connection.execute(
            """
            delete from sla.holidays
            where tenant_id = helpdesk.current_tenant() and schedule_id is not distinct from %(schedule_id)s
                and name = %(name)s and is_recurring = %(is_recurring)s
                and start_time is not distinct from %(start_time)s::time
                and end_time is not distinct from %(end_time)s::time
                and case when is_recurring then to_char(holiday_date, 'MM-DD')
                    = to_char(%(holiday_date)s::date, 'MM-DD') else holiday_date = %(holiday_date)s end
            """,
            {"schedule_id": schedule} | holiday_values(row),
        )

    # Policies

    def _write_policies(self, change: Change) -> None:
        name, new = str(change.name), change.new
        old: Policy = change.old or Policy()
        with self._blaming("policies", name):
            schedule = None if new.schedule is None else self.names.find("schedule", new.schedule)
            values = {"description": new.description, "is_default": new.is_default, "schedule_id": schedule}
            policy = self._save(change, values)
        for priority in old.targets.keys() - new.targets.keys():
            key = {"policy_id": policy, "priority_id": self.names.find("priority", priority)}
            self.rows.delete("sla.policy_targets", key)
        for priority, target in new.targets.items():
            key = {"policy_id": policy, "priority_id": self.names.find("priority", priority)}
            with self._blaming("policies", name, "targets", priority):
                self.rows.put("sla.policy_targets", key, old.targets.get(priority), target, target_values)
        for percent in old.thresholds.keys() - new.thresholds.keys():
            self.rows.delete("sla.notification_thresholds", {"policy_id": policy, "percent": percent})
        for percent, threshold in new.thresholds.items():
            key_of_threshold = {"policy_id": policy, "percent": percent}
            with self._blaming("policies", name, "thresholds", percent):
                self.rows.put(
                    "sla.notification_thresholds",
                    key_of_threshold,
                    old.thresholds.get(percent),
                    threshold,
                    threshold_values,
                )

    # What holds for boards and clients

    def _write_boards(self, change: Change) -> None:
        name, old = str(change.name), change.old
        new: Board = change.new or Board()
        row = self.names.find("board", name)
        with self._blaming("boards", name):
            values = {"sla_policy_id": self._maybe("policy", new.policy)}
            if old.manager != new.manager:
                values["manager_user_id"] = self._maybe("user", new.manager)
            self.rows.update("helpdesk.boards", {"board_id": row}, values)
        for level in old.escalation_managers.keys() - new.escalation_managers.keys():
            self.rows.delete("sla.escalation_managers", {"board_id": row, "level": level})
        for level, manager in new.escalation_managers.items():
            with self._blaming("boards", name, "escalation_managers", level):
                self.rows.put(
                    "sla.escalation_managers",
                    {"board_id": row, "level": level},
                    old.escalation_managers.get(level),
                    manager,
                    lambda given: {
                        "manager_user_id": self.names.find("user", given.manager),
                        "notify_via": list(given.notify_via),
                    },
                )
        self._replace_pausing(
            row, old.pausing_statuses, new.pausing_statuses, ("boards", name, "pausing_statuses")
        )

    def _write_clients(self, change: Change) -> None:
        new: Client = change.new or Client()
        with self._blaming("clients", change.name):
            values = {"sla_policy_id": self._maybe("policy", new.policy)}
            self.rows.update("helpdesk.clients", self._key(change), values)

    def _maybe(self, kind: str, name: str | None) -> UUID | None:
        return None if name is None else self.names.find(kind, name)

    # Rows

    def _save(self, change: Change, values: Values) -> UUID:
        """Insert or update a thing that has a name of its own; its key."""
        if change.old is not None:
            key = self._key(change)
            self.rows.update(TABLES[change.section], key, values)
            return next(iter(key.values()))
        kind = KINDS[change.section]
        row = self.rows.insert(TABLES[change.section], {"name": change.name, **values}, f"{kind}_id")
        self.names.add(kind, str(change.name), row)
        return UUID(str(row))

    @contextmanager
    def _blaming(self, *path: Step | None) -> Iterator[None]:
        """What the database refuses in here is said with the place in the file."""
        try:
            yield
        except psycopg.Error as error:
            state = error.sqlstate or ""
            if not state.startswith(BLAMED) and state:
                raise
            where = tuple(step for step in path if step is not None)
            words = f"{error.diag.message_primary or error}" + (f" [{state}]" if state else "")
            problem = Problem(self.document.position(where), where, words)
            raise PolicyFileError(
                self.document.name, [problem], hint=error.diag.message_hint, exit_code=1
            ) from error


KINDS = {
    "priorities": "priority",
    "schedules": "schedule",
    "policies": "policy",
    "boards": "board",
    "clients": "client",
}
TABLES = {"priorities": "helpdesk.priorities", "schedules": "sla.schedules", "policies": "sla.policies"}
