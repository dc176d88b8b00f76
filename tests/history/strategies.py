"""Random histories of a few tickets: 10 to 20 transactions, at times that matter."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.history.desks import OFFICE_HOURS, POLICIES, PRIORITIES, STATUSES, TARGETS, THRESHOLDS
from tests.oracle import steps
from tests.oracle.desk import Desk
from tests.oracle.ticket import Replay

BASES = (
    datetime(2024, 3, 28, 14, 20, tzinfo=UTC),  # before Easter and the European spring change
    datetime(2024, 3, 8, 21, 0, 0, 1, tzinfo=UTC),  # before the American spring change
    datetime(2024, 10, 25, 7, 0, tzinfo=UTC),  # before the European autumn change
    datetime(2024, 12, 24, 15, 59, 59, 999_999, tzinfo=UTC),  # before Christmas
    datetime(2024, 6, 5, 8, 0, tzinfo=UTC),  # a plain Wednesday morning
)
STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (0, 1, 5, 15, 30, 45, 60, 90, 120, 180, 240, 480, 720, 1440, 4320)
)
FIELDS = {
    "priority": st.sampled_from((*PRIORITIES, None)),
    "client": st.sampled_from(("acme", "zenith", None)),
    "board": st.sampled_from(("desk", "lab", None)),
    "policy": st.sampled_from((*POLICIES, None)),
    "status": st.sampled_from((*STATUSES, None)),
    "response_state": st.sampled_from(("awaiting_client", "awaiting_internal", None)),
}
USUAL_FIELDS = ("status", "status", "status", "response_state", "priority", "priority", *FIELDS)


class Author:
    """Writes one history, drawing what happens; the oracle tells it which instants are delicate."""

    def __init__(self, draw: st.DrawFn, desk: Desk) -> None:
        self.draw = draw
        self.replay = Replay(desk)
        self.now = draw(st.sampled_from(BASES))
        self.tickets: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.comments = 0

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def tick(self) -> None:
        """Move on: by a usual step, to a delicate instant, or back (a transaction that began early)."""
        how = self.pick("step", "step", "step", "step", "aim", "aim", "odd", "early")
        if how == "step":
            self.now += self.pick(*STEPS)
        elif how == "odd":
            self.now += timedelta(microseconds=self.draw(st.integers(0, 10**11)))
        elif how == "aim" and (ahead := self.delicate_instants()):
            self.now = self.pick(*ahead)
        elif how == "early":
            self.now -= self.pick(*STEPS[1:11])

    def delicate_instants(self) -> list[datetime]:
        """Instants from now on at which some clock would cross its next percent or fall due."""
        found = set()
        for ticket in self.replay.result().values():
            for clock in ticket.clocks:
                found |= {clock.due_at, clock.next_fire_at}
        return sorted(instant for instant in found if instant and instant >= self.now)

    def supplied(self) -> datetime:
        """A time that an application supplies: near now, or a crossing that has been."""
        return self.now + self.pick(timedelta(0), *(sign * step for step in STEPS for sign in (-1, 1)))

    def transaction(self, *statements: steps.Statement) -> steps.Transaction:
        for statement in statements:
            self.replay.apply(statement, self.now)
        return steps.Transaction(self.now, statements)

    def insert(self) -> steps.Insert:
        rows = []
        for _ in range(self.pick(1, 1, 1, 2, 3)):
            self.tickets.append(f"t{len(self.tickets)}")
            rows.append(self.new_ticket(self.tickets[-1]))
        return steps.Insert(tuple(rows))

    def new_ticket(self, name: str) -> steps.NewTicket:
        entered_at = self.now + self.pick(
            *[timedelta(0)] * 4,
            *(-step for step in STEPS),
            timedelta(hours=-24, microseconds=-1),
            timedelta(hours=5),
        )
        usual = {
            "client": self.pick(None, "zenith", "acme"),
            "board": self.pick("desk", "desk", "lab"),
            "priority": self.pick("high", "normal", "low", "someday"),
            "policy": self.pick(None, None, None, *POLICIES),
            "status": self.pick("new", "new", "new", "work", "waiting", "closed", "binned", None),
            "response_state": self.pick(None, None, None, "awaiting_client", "awaiting_internal"),
        }
        closed_at = (
            self.supplied() if usual["status"] in ("closed", "binned") and self.pick(True, False) else None
        )
        due_date = self.pick(None, None, None, None, datetime(2024, 7, 1, tzinfo=UTC))
        return steps.NewTicket(name, entered_at, closed_at=closed_at, due_date=due_date, **usual)

    def update(self) -> steps.Update:
        tickets = (self.pick(*self.tickets),) if self.pick(True, True, False) else tuple(self.tickets)
        names = self.draw(st.lists(st.sampled_from(USUAL_FIELDS), min_size=1, max_size=3, unique=True))
        values: dict[str, object] = {name: self.draw(FIELDS[name]) for name in names}
        if values.get("status") in ("closed", "binned"):
            how = self.pick("silent", "silent", "supplied", "cleared")
            if how != "silent":
                values["closed_at"] = self.supplied() if how == "supplied" else None
        if self.pick(*[False] * 9, True):
            values["due_date"] = self.pick(None, datetime(2025, 1, 1, tzinfo=UTC))
        return steps.Update(tickets, tuple(sorted(values.items(), key=lambda item: item[0])))

    def comment(self) -> steps.Statement:
        if self.notes and self.pick(True, False):
            note, ticket = self.notes.pop()
            return steps.Publish(note, ticket)
        return steps.Comment(tuple(self.new_comment() for _ in range(self.pick(1, 1, 2))))

    def new_comment(self) -> steps.NewComment:
        self.comments += 1
        row = steps.NewComment(
            f"c{self.comments}",
            self.pick(*self.tickets),
            self.pick("internal", "internal", "internal", "client", "system"),
            self.pick(False, False, True),
            self.pick(None, self.supplied()),
        )
        if row.author_type == "internal" and row.is_internal:
            self.notes.append((row.comment, row.ticket))
        return row

    def call(self) -> steps.Statement:
        ticket = self.pick(*self.tickets)
        function = self.pick("pause", "pause", "resume", "resume", "cancel", "start_tracking", "complete")
        if function == "complete":
            return steps.Complete(ticket, self.pick("response", "resolution"), self.supplied())
        return steps.Call(function, ticket)

    def configure(self) -> tuple[steps.Statement, ...]:
        """One change of configuration; open clocks may be recalculated in the same transaction."""
        kind = self.pick(
            "pausing", "closed", "setting", "setting", "calendar", "calendar", "target", "thresholds"
        )
        if kind == "pausing":
            return (steps.SetPausing(self.pick(*STATUSES), self.pick(True, False)),)
        if kind == "closed":
            return (steps.SetClosed(self.pick("work", "closed", "binned"), self.pick(True, False)),)
        if kind == "setting":
            return (self.setting(),)
        if kind == "calendar":
            return (steps.EditCalendar(self.pick("office", "default"), self.pick(*OFFICE_HOURS)),)
        policy = self.pick("gold", "bronze")
        if kind == "target":
            return (
                steps.EditTarget(policy, self.pick("high", "normal"), self.pick(*TARGETS)),
                *self.pick((), (steps.Recalculate(policy),)),
            )
        return steps.EditThresholds(policy, self.pick(*THRESHOLDS)), *self.pick(
            (), (steps.Recalculate(policy),)
        )

    def setting(self) -> steps.SetSetting:
        name = self.pick("pause_on_awaiting_client", "close_completes_response", "reopen_mode")
        value = (
            self.pick("continue", "restart", "ignore") if name == "reopen_mode" else self.pick(True, False)
        )
        return steps.SetSetting(name, value)

    def step(self) -> steps.Transaction:
        self.tick()
        kind = self.pick(
            *["update"] * 6, "comment", "comment", "call", "call", "several", "configure", "insert"
        )
        if kind == "configure":
            return self.transaction(*self.configure())
        if kind == "several":
            return self.several()
        if kind == "insert" and len(self.tickets) > 4:
            kind = "update"
        makers = {"update": self.update, "comment": self.comment, "call": self.call, "insert": self.insert}
        return self.transaction(makers[kind]())

    def several(self) -> steps.Transaction:
        """A few statements of one transaction."""
        statements = []
        for _ in range(self.pick(2, 3)):
            maker = self.pick(self.update, self.update, self.comment, self.call)
            statements.append(maker())
            self.replay.apply(statements[-1], self.now)
        return steps.Transaction(self.now, tuple(statements))


@st.composite
def histories(draw: st.DrawFn, desk: Desk) -> list[steps.Transaction]:
    """A history that begins with an insert; its times mostly go forward."""
    author = Author(draw, desk)
    history = [author.transaction(author.insert())]
    for _ in range(draw(st.integers(9, 18))):
        history.append(author.step())
    return history


def final_instant(history: list[steps.Transaction]) -> datetime:
    """After everything that the history names, so that one sweep then settles what it will ever say."""
    return max(transaction.now for transaction in history) + timedelta(days=5)


@st.composite
def swept(draw: st.DrawFn, history: list[steps.Transaction]) -> list[steps.Transaction]:
    """The history with sweeps between its transactions at random times, and a last one that settles all."""
    result = []
    for transaction in history:
        result.append(transaction)
        if draw(st.booleans()):
            late = draw(st.sampled_from((*STEPS, timedelta(days=2))))
            result.append(steps.Transaction(transaction.now + late, (steps.Sweep(),)))
    result.append(steps.Transaction(final_instant(history), (steps.Sweep(),)))
    return result
