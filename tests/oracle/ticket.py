"""An independent model of tickets in plain Python: from a configuration and a history to the expected rows.

It follows the written semantics only and shares no code with ``sql/``. Nothing is kept up to date as the
history goes by: the statements become a timeline (tests/oracle/timeline.py), and at the end everything is
counted from it (tests/oracle/verdict.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tests.oracle import steps
from tests.oracle.desk import Desk
from tests.oracle.moments import METRICS, Pause, union
from tests.oracle.timeline import Story
from tests.oracle.verdict import Clock, Crossing, Judge


@dataclass(frozen=True)
class Ticket:
    """The rows of one ticket that its history and the configuration determine."""

    clocks: tuple[Clock, ...]
    pauses: tuple[Pause, ...]
    crossings: tuple[Crossing, ...]
    escalation_level: int
    due_date: datetime | None


class Replay:
    """Runs a history against a configuration."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk.copy()
        self.stories: dict[str, Story] = {}
        self.comments: dict[str, steps.NewComment] = {}

    def run(self, history: Iterable[steps.Transaction]) -> None:
        for transaction in history:
            for statement in transaction.statements:
                self.apply(statement, transaction.now)

    def apply(self, statement: steps.Statement, now: datetime) -> None:
        match statement:
            case steps.Insert(rows):
                for row in rows:
                    self.stories[row.ticket] = Story(self.desk, row, now)
            case steps.Update(tickets):
                for ticket in tickets:
                    self.stories[ticket].update(dict(statement.changes), now)
            case steps.Comment(rows):
                self._comment(rows, now)
            case steps.Publish(comment, ticket):
                self._publish(comment, ticket, now)
            case steps.Call(function, ticket):
                self.stories[ticket].call(function, now)
            case steps.Complete(ticket, metric, at):
                self.stories[ticket].complete(metric, at, now)
            case _:
                self._configure(statement, now)

    def _comment(self, rows: tuple[steps.NewComment, ...], now: datetime) -> None:
        replies: dict[str, list[datetime]] = {}
        for row in rows:
            self.comments[row.comment] = row
            if row.author_type == "internal" and not row.is_internal:
                replies.setdefault(row.ticket, []).append(row.created_at or now)
        for ticket, instants in replies.items():
            self.stories[ticket].reply(min(instants), now)

    def _publish(self, comment: str, ticket: str, now: datetime) -> None:
        row = self.comments[comment]
        if row.author_type == "internal" and row.is_internal:
            self.stories[ticket].reply(now, now)
        self.comments[comment] = replace(row, is_internal=False)

    def _configure(self, statement: steps.Statement, now: datetime) -> None:
        desk = self.desk
        match statement:
            case steps.SetPausing(status, pauses):
                desk.statuses[status] = replace(desk.statuses[status], pauses=pauses)
                self._pause_rules_changed(now)
            case steps.SetClosed(status, is_closed):
                desk.statuses[status] = replace(desk.statuses[status], is_closed=is_closed)
                for story in self.stories.values():
                    if is_closed:
                        story.status_became_closed(status, now)
            case steps.SetSetting(name, value):
                desk.settings = replace(desk.settings, **{name: value})  # type: ignore[arg-type]
                self._pause_rules_changed(now)
            case steps.EditCalendar(schedule, calendar):
                if desk.schedules[schedule] != calendar:
                    desk.schedules[schedule] = calendar
                    for story in self.stories.values():
                        story.calendar_edited(schedule, now)
            case steps.EditTarget(policy, priority, target):
                old = desk.policies[policy]
                desk.policies[policy] = replace(old, targets={**old.targets, priority: target})
            case steps.EditThresholds(policy, percents):
                desk.policies[policy] = replace(desk.policies[policy], thresholds=percents)
            case steps.Recalculate(policy):
                for story in self.stories.values():
                    story.recalculate(policy, now)
            case steps.Sweep():
                for story in self.stories.values():
                    story.sweep(now)
            case _:
                raise TypeError(statement)

    def _pause_rules_changed(self, now: datetime) -> None:
        for story in self.stories.values():
            story.pause_rules_changed(now)

    def result(self) -> dict[str, Ticket]:
        return {name: _ticket(story) for name, story in self.stories.items()}


def _ticket(story: Story) -> Ticket:
    verdicts = [
        Judge(life, story.silent_before).verdict(union(story.pauses))
        for metric in METRICS
        for life in story.lives[metric]
    ]
    clocks = tuple(verdict.clock for verdict in verdicts)
    crossings = [crossing for verdict in verdicts for crossing in verdict.crossings]
    return Ticket(
        clocks=clocks,
        pauses=tuple(sorted(story.pauses, key=_pause_order)),
        crossings=tuple(sorted(crossings, key=lambda row: (row.metric, row.cycle, row.percent))),
        escalation_level=max((level for verdict in verdicts for level in verdict.levels), default=0),
        due_date=story.promised or _promised(clocks),
    )


def _pause_order(pause: Pause) -> tuple[str, datetime, bool, datetime]:
    return pause.reason, pause.paused_at, pause.resumed_at is None, pause.resumed_at or pause.paused_at


def _promised(clocks: tuple[Clock, ...]) -> datetime | None:
    """The due_date that slapg keeps in step: the resolution's due time, none once that is cancelled."""
    resolution = [clock for clock in clocks if clock.metric == "resolution"]
    if not resolution or resolution[-1].state == "cancelled":
        return None
    return resolution[-1].due_at


def replay(desk: Desk, history: Iterable[steps.Transaction]) -> dict[str, Ticket]:
    """The expected rows of every ticket after the history, by ticket name."""
    run = Replay(desk)
    run.run(history)
    return run.result()
