"""A ticket told from its audit log alone, and whether the database's rows say the same (semantics §7).

The log's entries become the moments of the ticket's clocks; what these amount to is then counted from nothing
by tests/oracle/verdict.py. So this checks both that the log is complete and that the rows follow from it.
"""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from tests.oracle import business_time
from tests.oracle.desk import Calendar, Terms
from tests.oracle.moments import METRICS, Life, Moment, Pause, union
from tests.oracle.verdict import Judge, Verdict

Row = dict[str, Any]
COMPARED = (
    "state",
    "policy",
    "priority",
    "target",
    "started_at",
    "due_at",
    "paused_at",
    "completed_at",
    "breached_at",
    "met",
    "cancel_reason",
    "next_percent",
    "next_fire_at",
)


class Ledger:
    """Reads entries in order and keeps the moments that they tell of."""

    def __init__(self, calendars: dict[int, Calendar | None]) -> None:
        self.calendars = calendars
        self.entered_at: datetime | None = None
        self.pauses: list[Pause] = []
        self.lives: dict[str, list[Life]] = {metric: [] for metric in METRICS}
        self.gained: dict[str, datetime] = {}

    def read(self, entry: Row) -> None:
        kind, at, data = entry["event_type"], entry["effective_at"], entry["event_data"]
        if kind in ("sla_started", "sla_not_started") and "metric" not in data:
            self._entered(at, entry["created_at"], data)
        elif kind in ("sla_paused", "sla_resumed"):
            self._pause(kind, at, data["reason"])
        elif kind == "sla_reopened":
            self._reopened(at, data)
        elif kind in ("response_recorded", "resolution_recorded"):
            self._recorded(kind.removesuffix("_recorded"), at, "gained" in data)
        elif kind == "sla_cancelled":
            self._cancelled(self.lives[data["metric"]][data["cycle"] - 1], at, data["reason"])
        elif kind == "recalculated" and "calendar_id" in data:
            self._new_calendar(at, data)
        elif "terms" in data:
            self._new_terms(at, data)

    def _terms(self, data: Row, definition: Row) -> Terms:
        levels = definition["escalation_percents"]
        return Terms(
            policy=data["policy_id"],
            priority=data["priority_id"],
            schedule=None,
            calendar=self._calendar(definition.get("calendar_id")),
            target=timedelta(minutes=definition["target_minutes"]),
            percents=tuple(definition["percents"]),
            escalation=(levels[0], levels[1], levels[2]),
        )

    def _calendar(self, number: int | None) -> Calendar | None:
        return None if number is None else self.calendars[number]

    def _note(
        self, life: Life, kind: str, at: datetime, terms: Terms | None = None, reason: str | None = None
    ) -> None:
        life.moments.append(Moment(kind, at, terms or life.terms, union(self.pauses), reason))

    def _begin(self, metric: str, started_at: datetime, kind: str, at: datetime, terms: Terms) -> None:
        life = Life(metric, len(self.lives[metric]) + 1, started_at, started_at)
        self.lives[metric].append(life)
        self._note(life, kind, at, terms)

    def _entered(self, at: datetime, written_at: datetime, data: Row) -> None:
        self.entered_at = at
        closed_at = None
        if data.get("closed"):
            supplied = data.get("closed_at")
            closed_at = max(at, min(datetime.fromisoformat(supplied), written_at)) if supplied else at
            self.pauses.append(Pause("closed", closed_at))
        self.pauses += [Pause(reason, closed_at or at) for reason in data.get("paused_by", ())]
        for metric, definition in data.get("terms", {}).items():
            terms = self._terms(data, definition)
            answered = metric == "resolution" or data.get("closing_completes_response", False)
            if closed_at is not None and answered:
                self._begin(metric, at, "gained_complete", closed_at, terms)
            else:
                self._begin(metric, at, "terms", at, terms)

    def _pause(self, kind: str, at: datetime, reason: str) -> None:
        was_paused = any(pause.resumed_at is None for pause in self.pauses)
        if kind == "sla_paused":
            self.pauses.append(Pause(reason, at))
        else:
            self.pauses = [
                replace(pause, resumed_at=at) if (pause.reason, pause.resumed_at) == (reason, None) else pause
                for pause in self.pauses
            ]
        if was_paused != any(pause.resumed_at is None for pause in self.pauses):
            for life in self._open():
                self._note(life, "pause", at)

    def _open(self) -> list[Life]:
        return [lives[-1] for lives in self.lives.values() if lives and lives[-1].state == "open"]

    def _recorded(self, metric: str, at: datetime, gained: bool) -> None:
        lives = self.lives[metric]
        if not gained:
            latest = lives[-1].moments[-1]
            if (latest.kind, latest.at) == ("terms", at):  # of the same statement
                lives[-1].moments[-1] = replace(latest, completing=True)
            self._note(lives[-1], "complete", at)
        elif lives and lives[-1].state == "open":
            lives[-1].moments[-1] = replace(lives[-1].moments[-1], kind="gained_complete", at=at)
        else:
            self.gained[metric] = at

    def _cancelled(self, life: Life, at: datetime, reason: str) -> None:
        if life.state == "cancelled":  # only the reason changed
            life.moments[-1] = replace(life.moments[-1], reason=reason)
        else:
            self._note(life, "cancel", at, reason=reason)

    def _new_terms(self, at: datetime, data: Row) -> None:
        for metric, definition in data["terms"].items():
            terms, lives = self._terms(data, definition), self.lives[metric]
            gained_at = self.gained.pop(metric, None)
            kind, when = ("terms", at) if gained_at is None else ("gained_complete", gained_at)
            if lives:
                self._note(lives[-1], kind, max(when, lives[-1].started_at), terms)
            else:
                assert self.entered_at is not None
                self._begin(metric, self.entered_at, kind, max(when, self.entered_at), terms)

    def _new_calendar(self, at: datetime, data: Row) -> None:
        for life in self._open():
            if life.metric in data["metrics"]:
                self._note(
                    life, "terms", at, replace(life.terms, calendar=self._calendar(data["calendar_id"]))
                )

    def _reopened(self, at: datetime, data: Row) -> None:
        lives = self.lives["resolution"]
        definition = data.get("terms", {}).get("resolution")
        terms = self._terms(data, definition) if definition else None
        if data.get("mode") == "restart" and terms:
            self._begin("resolution", at, "terms", at, terms)
        elif data.get("mode") == "continue" and lives and lives[-1].state == "completed":
            self._note(lives[-1], "reopen", at, terms)


@cache
def _calendar(timezone: str, entries: tuple[Any, ...], holidays: tuple[Any, ...]) -> Calendar:
    return Calendar(timezone, entries, holidays)


def _calendars(conn: psycopg.Connection[Any], tenant: UUID) -> dict[int, Calendar | None]:
    found = conn.execute(
        "select calendar_id, definition from sla.calendars where tenant_id = %s", [tenant]
    ).fetchall()
    result: dict[int, Calendar | None] = {}
    for number, definition in found:
        read = business_time.Calendar.from_definition(definition)
        result[number] = None if read.is_24x7 else _calendar(read.timezone, read.entries, read.holidays)
    return result


def _rows(conn: psycopg.Connection[Any], text: str, *values: object) -> list[Row]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(text, values).fetchall()  # type: ignore[arg-type]


def told(conn: psycopg.Connection[Any], ticket_id: UUID) -> tuple[list[Verdict], list[Pause]]:
    """What the audit log of a ticket amounts to: its clocks with their crossings, and its pauses."""
    entries = _rows(conn, "select * from sla.audit_log where ticket_id = %s order by log_id", ticket_id)
    tenant = entries[0]["tenant_id"]
    ledger = Ledger(_calendars(conn, tenant))
    for entry in entries:
        ledger.read(entry)
    (swept_at,) = conn.execute("select sla.now()").fetchone() or (None,)
    for life in ledger._open():
        ledger._note(life, "sweep", swept_at)
    return [
        Judge(life, None).verdict(union(ledger.pauses)) for metric in METRICS for life in ledger.lives[metric]
    ], ledger.pauses


def verify_ticket(conn: psycopg.Connection[Any], ticket_id: UUID) -> list[str]:
    """What differs between a ticket's rows, swept now, and its audit log: nothing in a healthy database."""
    verdicts, pauses = told(conn, ticket_id)
    expected = {f"{v.clock.metric} {v.clock.cycle}": asdict(v.clock) for v in verdicts}
    found = {
        f"{row['metric']} {row['cycle']}": row
        | {name: str(row[f"{name}_id"]) for name in ("policy", "priority")}
        for row in _rows(conn, "select * from sla.clocks where ticket_id = %s", ticket_id)
    }
    lines = [f"clock {name} is only {where}" for name, where in _only(expected, found)]
    for name in expected.keys() & found.keys():
        for column in COMPARED:
            if column == "due_at" and expected[name]["state"] == "cancelled":
                continue  # nothing is due any more
            if expected[name][column] != found[name][column]:
                lines.append(
                    f"{name}: {column} is {found[name][column]}, its history says {expected[name][column]}"
                )
    log_pauses = {(p.reason, p.paused_at, p.resumed_at) for p in pauses}
    row_pauses = {
        (row["reason"], row["paused_at"], row["resumed_at"])
        for row in _rows(conn, "select * from sla.pauses where ticket_id = %s", ticket_id)
    }
    lines += [f"pause {pause} is only {where}" for pause, where in _only(log_pauses, row_pauses)]
    log_crossings = {
        (row.metric, row.cycle, row.percent, row.crossed_at, row.escalation_level)
        for verdict in verdicts
        for row in verdict.crossings
    }
    row_crossings = {
        tuple(row[name] for name in ("metric", "cycle", "percent", "crossed_at", "escalation_level"))
        for row in _rows(
            conn,
            "select * from sla.threshold_events where ticket_id = %s and withdrawn_at is null",
            ticket_id,
        )
    }
    return lines + [f"crossing {row} is only {where}" for row, where in _only(log_crossings, row_crossings)]


def _only(expected: Any, found: Any) -> list[tuple[Any, str]]:
    logged, stored = set(expected), set(found)
    return [(item, "in the log") for item in logged - stored] + [
        (item, "in the tables") for item in stored - logged
    ]
