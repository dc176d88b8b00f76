"""An explanation as a page for people: 80 columns, and without colours it reads the same."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from slapg.status.explain import Clock, Explanation, Percent, Ticket
from slapg.status.summary import summarise
from slapg.status.words import (
    CANCEL_REASONS,
    NOT_TRACKED,
    PAUSE_REASONS,
    POLICY_SOURCES,
    SLA_STATUSES,
    duration,
    instant,
    reasons,
    share,
)


def render(explanation: Explanation) -> RenderableType:
    """The ticket, then each of its clocks: the promise, the sum behind the deadline, the percents."""
    parts: list[RenderableType] = [_ticket(explanation.ticket)]
    if not explanation.clocks:
        parts.append(Text(f"\nNot tracked: {_not_tracked(explanation.ticket)}."))
    for clock in explanation.clocks:
        parts += ["", *_clock(clock, explanation.ticket)]
    return Group(*parts)


def _ticket(ticket: Ticket) -> RenderableType:
    words, style = SLA_STATUSES.get(ticket.sla_status, (ticket.sla_status, ""))
    head = Text.assemble((f"Ticket {ticket.ticket_number}", "bold"), "  ", ticket.title)
    place = " · ".join(
        filter(None, (ticket.priority, ticket.ticket_status, ticket.board, ticket.client, ticket.assignee))
    )
    verdict = Text.assemble("SLA: ", (words, style))
    if ticket.escalation_level:
        verdict.append(f", escalated to level {ticket.escalation_level}")
    return Group(head, Text(place), verdict)


def _not_tracked(ticket: Ticket) -> str:
    reason = ticket.not_tracked_because
    return NOT_TRACKED.get(reason, reason) if reason else "it has no clocks"


def _clock(clock: Clock, ticket: Ticket) -> Iterator[RenderableType]:
    zone = ZoneInfo(clock.timezone)
    cycle = f", cycle {clock.cycle}" if clock.cycle > 1 else ""
    yield Text(f"{clock.metric.upper()}{cycle}", style="bold underline")
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for name, value in _facts(clock, ticket, zone):
        facts.add_row(name, value)
    yield facts
    if clock.ledger:
        yield ""
        yield _ledger(clock, zone)
    if clock.percents:
        yield ""
        yield _percents(clock, ticket, zone)


def _facts(clock: Clock, ticket: Ticket, zone: ZoneInfo) -> Iterator[tuple[str, Text | str]]:
    yield "verdict", _verdict(clock, ticket, zone)
    source = POLICY_SOURCES.get(clock.policy_source, clock.policy_source)
    yield "policy", f"{clock.policy}, because {source}"
    counted = "around the clock" if clock.calendar_id is None else "of business time"
    yield "promise", f"{duration(clock.target)} {counted} for priority {clock.priority}"
    if clock.calendar_id is None:
        yield "calendar", f"24x7: every minute counts; times below are of {clock.timezone}"
    else:
        yield (
            "calendar",
            f"{clock.calendar_name}, version {clock.calendar_id}; times below are of {clock.timezone}",
        )
    yield "started", instant(clock.started_at, zone)
    yield "due", _due(clock, zone)


def _verdict(clock: Clock, ticket: Ticket, zone: ZoneInfo) -> Text:
    if clock.state == "cancelled":
        return Text(f"cancelled: {reasons(clock.reason, CANCEL_REASONS)}", style="dim")
    if clock.elapsed is None:
        return Text("its calendar cannot be used (see sla.health)", style="red")
    used = f"{duration(clock.elapsed)} of {duration(clock.target)} used ({share(clock.percent)})"
    if clock.completed_at is not None:
        word, style = ("met", "green") if clock.met else ("missed", "red")
        return Text.assemble((word, style), f" on {instant(clock.completed_at, zone)}: {used}")
    left = clock.target - clock.elapsed
    rest = f"{duration(left)} left" if left.total_seconds() >= 0 else f"{duration(-left)} too late so far"
    if clock.state == "paused":
        why = reasons(clock.reason, PAUSE_REASONS)
        return Text.assemble(("paused", "cyan"), f" because {why}: {used}, {rest}")
    word, style = ("overdue", "bold red") if clock.met is False else ("running", "green")
    return Text.assemble((word, style), f" at {instant(ticket.now, zone)}: {used}, {rest}")


def _due(clock: Clock, zone: ZoneInfo) -> str:
    if clock.state == "paused":
        return f"{instant(clock.due_at, zone)} as it stood at the pause; it moves on when the clock resumes"
    return instant(clock.due_at, zone)


def _ledger(clock: Clock, zone: ZoneInfo) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("when")
    table.add_column("what")
    table.add_column("counted", justify="right", no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    for entry in summarise(clock.ledger, zone):
        table.add_row(
            entry.when,
            entry.what,
            "-" if entry.counted is None else duration(entry.counted),
            "" if entry.total is None or entry.counted is None else duration(entry.total),
            style="cyan" if entry.counted is None else None,
        )
    return table


def _percents(clock: Clock, ticket: Ticket, zone: ZoneInfo) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("percent", justify="right", no_wrap=True)
    table.add_column("crossed at", no_wrap=True)
    table.add_column("told")
    for percent in clock.percents:
        style = ("red" if percent.percent >= 100 else "yellow") if percent.is_recorded else "dim"
        table.add_row(
            f"{percent.percent} %", _crossing(percent, zone), _told(percent, clock, ticket), style=style
        )
    return table


def _crossing(percent: Percent, zone: ZoneInfo) -> str:
    return instant(percent.crosses_at, zone) if percent.crosses_at else "after it resumes"


def _told(percent: Percent, clock: Clock, ticket: Ticket) -> str:
    if not percent.is_recorded:
        reached = percent.crosses_at is not None and percent.crosses_at <= ticket.now
        words = "reached; the next sweep records it" if reached else "to come"
    else:
        words = percent.told or "nobody"
    return f"level {percent.escalation_level}: {words}" if percent.escalation_level else words
