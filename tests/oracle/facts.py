"""What is known of one ticket at some point of its history, and how its reasons to pause follow from that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from tests.oracle import steps
from tests.oracle.desk import Desk, Terms
from tests.oracle.moments import METRICS, Life, Pause


class Facts:
    """One ticket: its fields, its pause rows, its clocks so far."""

    def __init__(self, desk: Desk, row: steps.NewTicket, now: datetime) -> None:
        self.desk = desk
        self.entered_at = row.entered_at
        imported = now - row.entered_at > desk.settings.import_after
        self.silent_before = now if imported else None
        self.facts: dict[str, object] = {
            name: getattr(row, name)
            for name in ("client", "board", "priority", "policy", "status", "response_state")
        }
        self.closed_at_field = row.closed_at
        self.promised: datetime | None = row.due_date
        self.pauses: list[Pause] = []
        self.lives: dict[str, list[Life]] = {metric: [] for metric in METRICS}
        self.replied_at: datetime | None = None
        self.closing = False  # the statement under way closes the ticket

    @property
    def policy(self) -> str | None:
        facts = self.facts
        return self.desk.policy_of(facts["policy"], facts["client"], facts["board"])  # type: ignore[arg-type]

    def resolved_terms(self, metric: str) -> Terms | str:
        return self.desk.terms(self.policy, self.facts["priority"], metric)  # type: ignore[arg-type]

    def open_pause(self, reason: str) -> Pause | None:
        return next((p for p in self.pauses if p.reason == reason and p.resumed_at is None), None)

    @property
    def closed_since(self) -> datetime | None:
        row = self.open_pause("closed")
        return row.paused_at if row else None

    @property
    def paused(self) -> bool:
        return any(pause.resumed_at is None for pause in self.pauses)

    def latest(self, metric: str) -> Life | None:
        return self.lives[metric][-1] if self.lives[metric] else None

    def open_lives(self) -> Iterator[Life]:
        for metric in METRICS:
            life = self.latest(metric)
            if life is not None and life.state == "open":
                yield life

    def effective(self, now: datetime) -> datetime:
        """Decision 1: never before anything that already happened to the ticket."""
        known = [now, self.entered_at, *(life.changed_at for life in self.open_lives())]
        for pause in self.pauses:
            known += [pause.paused_at, pause.resumed_at or pause.paused_at]
        return max(known)

    def _closing_completes(self, metric: str) -> bool:
        return metric == "resolution" or self.desk.settings.close_completes_response

    def _reasons_of_fields(self) -> list[str]:
        status = self.facts["status"]
        reasons = []
        if status is not None and self.desk.statuses[str(status)].pauses:
            reasons.append("status")
        if self.facts["response_state"] == "awaiting_client" and self.desk.settings.pause_on_awaiting_client:
            reasons.append("awaiting_client")
        return reasons

    def _begin(self, reason: str, at: datetime) -> None:
        if self.open_pause(reason) is None:
            self.pauses.append(Pause(reason, at))

    def _end(self, reason: str, at: datetime) -> None:
        self.pauses = [
            replace(pause, resumed_at=at) if pause.reason == reason and pause.resumed_at is None else pause
            for pause in self.pauses
        ]

    def _follow_fields(self, at: datetime) -> None:
        """The open rows of status and awaiting_client are the reasons that hold now (decision 5)."""
        holding = self._reasons_of_fields()
        for reason in ("status", "awaiting_client"):
            if reason in holding:
                self._begin(reason, at)
            else:
                self._end(reason, at)
