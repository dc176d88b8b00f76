"""First half of the oracle: from statements to a timeline of facts, without counting any business time.

Each ticket gets its pause rows and, for each of its clocks, the *moments* at which something happened to it.
What those mean in business time is worked out afterwards from the whole timeline (tests/oracle/verdict.py).
"""

from dataclasses import replace
from datetime import datetime

from tests.oracle import steps
from tests.oracle.desk import Desk, Terms
from tests.oracle.facts import Facts
from tests.oracle.moments import METRICS, Life, Moment, Pause, union


class Story(Facts):
    """One ticket's timeline, written statement by statement."""

    def __init__(self, desk: Desk, row: steps.NewTicket, now: datetime) -> None:
        super().__init__(desk, row, now)
        self._born(row, now)

    def _note(
        self, life: Life, kind: str, at: datetime, terms: Terms | None = None, reason: str | None = None
    ) -> None:
        completing = kind == "terms" and self.closing and self._closing_completes(life.metric)
        life.moments.append(Moment(kind, at, terms or life.terms, union(self.pauses), reason, completing))
        if kind != "sweep":
            life.changed_at = at

    def _start(self, metric: str, started_at: datetime, kind: str, at: datetime, terms: Terms) -> None:
        life = Life(metric, len(self.lives[metric]) + 1, started_at, started_at)
        self.lives[metric].append(life)
        self._note(life, kind, at, terms)

    def _born(self, row: steps.NewTicket, now: datetime) -> None:
        entered = row.entered_at
        closed_at = None
        if self.desk.is_closed(row.status):
            closed_at = max(entered, min(row.closed_at, now)) if row.closed_at else entered
            self.pauses.append(Pause("closed", closed_at))
        for reason in self._reasons_of_fields():
            self.pauses.append(Pause(reason, closed_at or entered))
        for metric in METRICS:
            terms = self.resolved_terms(metric)
            if isinstance(terms, str):
                continue
            if closed_at is not None and self._closing_completes(metric):
                self._start(metric, entered, "gained_complete", closed_at, terms)
            else:
                self._start(metric, entered, "terms", entered, terms)

    def _settle_pause(self, was_paused: bool, at: datetime) -> None:
        """A pause or resume of the union is a transition of the open clocks (decision 4)."""
        if was_paused != self.paused:
            for life in self.open_lives():
                self._note(life, "pause", at)

    def _new_terms(self, at: datetime, reopening: bool = False) -> None:
        """Terms resolved anew: open clocks take them, clocks may be gained or lost (decisions 10 to 14)."""
        for metric in METRICS:
            life = self.latest(metric)
            terms = self.resolved_terms(metric)
            if life is not None and life.state == "open":
                self._retarget(life, terms, at)
            elif isinstance(terms, Terms) and (life is None or self._revivable(life)):
                self._gain(metric, terms, at, reopening)

    @staticmethod
    def _revivable(life: Life) -> bool:
        return life.state == "cancelled" and life.moments[-1].reason != "manual"

    def _retarget(self, life: Life, terms: Terms | str, at: datetime) -> None:
        if isinstance(terms, str):
            self._note(life, "cancel", at, reason=terms)
        elif terms != life.terms:
            self._note(life, "terms", at, terms)

    def _gain(self, metric: str, terms: Terms, at: datetime, reopening: bool = False) -> None:
        life = self.latest(metric)
        started_at = life.started_at if life else self.entered_at
        answers = []
        if self.closed_since is not None and not reopening and self._closing_completes(metric):
            answers.append(self.closed_since)
        if metric == "response" and self.replied_at is not None:
            answers.append(self.replied_at)
        kind, when = (
            ("gained_complete", max(started_at, min(answers))) if answers else ("terms", max(at, started_at))
        )
        if life is None:
            self._start(metric, started_at, kind, when, terms)
        else:
            self._note(life, kind, when, terms)

    # Statements

    def update(self, changes: dict[str, object], now: datetime) -> None:
        changes = dict(changes)
        changes.pop("entered_at", None)
        if "due_date" in changes:
            self.promised = changes.pop("due_date")  # type: ignore[assignment]
        old_closed_at = self.closed_at_field
        if "closed_at" in changes:
            self.closed_at_field = changes.pop("closed_at")  # type: ignore[assignment]
        before, policy_before = dict(self.facts), self.policy
        moved = changes.get("status", before["status"]) != before["status"]
        self.facts |= changes
        now_closed = self.desk.is_closed(self.facts["status"])  # type: ignore[arg-type]
        self.closing = moved and now_closed and self.closed_since is None
        reopening = moved and not now_closed and self.closed_since is not None
        supplied = self.closed_at_field if self.closing and self.closed_at_field != old_closed_at else None
        at = self.effective(min(supplied, now) if supplied else now)
        result = self.latest("resolution")
        self._change_terms(before, policy_before, at, reopening)
        was_paused = self.paused
        if moved or self.facts["response_state"] != before["response_state"]:
            self._follow_fields(at)
        if reopening:
            self._reopen(result, at)
        if self.closing:
            self._close(at)
            self.closing = False
        self._settle_pause(was_paused, at)

    def _change_terms(
        self, before: dict[str, object], policy_before: str | None, at: datetime, reopening: bool
    ) -> None:
        renewed = reopening or any(self.facts[name] != before[name] for name in ("priority", "policy"))
        moved = any(self.facts[name] != before[name] for name in ("client", "board"))
        if renewed or (moved and self.policy != policy_before):
            self._new_terms(at, reopening)

    def _close(self, at: datetime) -> None:
        self._begin("closed", at)
        for life in list(self.open_lives()):
            if self._closing_completes(life.metric):
                self._note(life, "complete", at)

    def _reopen(self, life: Life | None, at: datetime) -> None:
        """Semantics §2, Reopen; the clock is what the closing left, not what this statement gained."""
        self._end("closed", at)
        mode = self.desk.settings.reopen_mode
        if life is None or life.state != "completed" or mode == "ignore":
            return
        terms = self.resolved_terms("resolution")
        if mode == "restart":
            if isinstance(terms, Terms):
                self._start("resolution", at, "terms", at, terms)
        else:
            self._note(life, "reopen", at)
            self._retarget(life, terms, at)

    def reply(self, created_at: datetime, now: datetime) -> None:
        """The first public staff comment completes the response clock, or is noted (decision 3)."""
        if self.replied_at is not None:
            return
        life = self.latest("response")
        is_open = life is not None and life.state == "open"
        earliest = life.changed_at if life is not None and is_open else self.entered_at
        self.replied_at = max(earliest, min(created_at, now))
        if life is not None and is_open:
            self._note(life, "complete", self.replied_at)

    def call(self, function: str, now: datetime) -> None:
        at = self.effective(now)
        was_paused = self.paused
        if function in ("pause", "resume"):
            self._follow_fields(at)  # a closed ticket may have missed a change of the rules
            (self._begin if function == "pause" else self._end)("manual", at)
        elif function == "cancel":
            self._cancel(at)
        elif function == "start_tracking":
            self._start_tracking(at)
        else:
            raise ValueError(function)
        self._settle_pause(was_paused, at)

    def _cancel(self, at: datetime) -> None:
        """Final until start_tracking, also for a clock that was cancelled for want of a target."""
        for life in filter(None, map(self.latest, METRICS)):
            if life.state == "open":
                self._note(life, "cancel", at, reason="manual")
            elif life.state == "cancelled":
                life.moments[-1] = replace(life.moments[-1], reason="manual")

    def _start_tracking(self, at: datetime) -> None:
        for metric in METRICS:
            life = self.latest(metric)
            terms = self.resolved_terms(metric)
            if life is not None and life.state != "cancelled":
                continue
            if isinstance(terms, Terms):
                self._gain(metric, terms, at)
            elif (
                life is not None and life.moments[-1].reason == "manual"
            ):  # no longer by hand: a target gained later revives it
                life.moments[-1] = replace(life.moments[-1], reason="no_target")

    def complete(self, metric: str, at: datetime, now: datetime) -> None:
        life = self.latest(metric)
        if life is not None and life.state == "open":
            self._note(life, "complete", max(life.changed_at, min(at, now)))

    # Configuration that changes under the ticket

    def pause_rules_changed(self, now: datetime) -> None:
        """Flipping what decides acts on open tickets (semantics §2, Pause)."""
        if self.closed_since is not None:
            return
        at, was_paused = self.effective(now), self.paused
        self._follow_fields(at)
        self._settle_pause(was_paused, at)

    def status_became_closed(self, status: str, now: datetime) -> None:
        if self.facts["status"] == status and self.closed_since is None:
            at, was_paused = self.effective(now), self.paused
            self._close(at)
            self._settle_pause(was_paused, at)

    def calendar_edited(self, schedule: str, now: datetime) -> None:
        for life in list(self.open_lives()):
            if life.terms.schedule == schedule:
                at = max(now, life.changed_at)
                self._note(life, "terms", at, replace(life.terms, calendar=self.desk.schedules[schedule]))

    def recalculate(self, policy: str, now: datetime) -> None:
        at = self.effective(now)
        for life in list(self.open_lives()):
            if life.terms.policy == policy:
                self._retarget(life, self.resolved_terms(life.metric), at)

    def sweep(self, now: datetime) -> None:
        for life in self.open_lives():
            self._note(life, "sweep", now)
