"""What a service-desk manager wants to see, read from the reporting views."""

from datetime import timedelta
from typing import Any

import psycopg
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from slapg.status.words import duration

Connection = psycopg.Connection[Any]

_BY_PRIORITY = """
    select s.priority,
        sum(s.tracked) filter (where s.metric = 'response'),
        max(s.compliance_percent) filter (where s.metric = 'response'),
        sum(s.breached) filter (where s.metric = 'response'),
        sum(s.tracked) filter (where s.metric = 'resolution'),
        max(s.compliance_percent) filter (where s.metric = 'resolution'),
        sum(s.breached) filter (where s.metric = 'resolution')
    from sla.compliance_summary s
    group by s.policy_id, s.priority, s.rank
    order by s.rank
"""

_AVERAGES = """
    select a.priority,
        max(a.average_elapsed) filter (where a.metric = 'response'),
        max(a.average_elapsed) filter (where a.metric = 'resolution'),
        max(a.median_elapsed) filter (where a.metric = 'resolution'),
        max(a.average_wall_clock) filter (where a.metric = 'resolution')
    from sla.average_times a
    group by a.policy_id, a.priority, a.rank
    order by a.rank
"""

_BREACHES = """
    select coalesce(b.{key}, '(nobody)'), b.tracked, b.breached, b.breach_percent
    from sla.breaches_by_{key} b
    where b.metric = 'resolution' and b.breached > 0
    order by b.breached desc, b.breach_percent desc
    limit 3
"""

_FIRED = """
    select e.percent, e.kind,
        count(*) filter (where e.metric = 'response'),
        count(*) filter (where e.metric = 'resolution'),
        max(e.escalation_level),
        sum(n.told), sum(n.mails)
    from sla.threshold_events e
    cross join lateral (
        select count(*) filter (where x.channel = 'in_app') as told,
            count(*) filter (where x.channel = 'email') as mails
        from sla.notifications x
        where x.tenant_id = e.tenant_id and x.ticket_id = e.ticket_id and x.event_id = e.event_id
    ) n
    where e.withdrawn_at is null
    group by e.percent, e.kind
    order by e.percent
"""

# A story with everything in it, and short enough to be told: paused once or twice, warned of, escalated.
_STORY = """
    select t.ticket_number
    from helpdesk.tickets t
    cross join lateral (
        select count(*) as pauses from sla.pauses p
        where p.tenant_id = t.tenant_id and p.ticket_id = t.ticket_id and p.reason = 'status'
            and p.resumed_at > p.paused_at
    ) p
    cross join lateral (
        select count(*) as crossed, count(e.escalation_level) as escalations
        from sla.threshold_events e
        where e.tenant_id = t.tenant_id and e.ticket_id = t.ticket_id and e.withdrawn_at is null
    ) e
    where p.pauses > 0 and e.escalations > 0
    order by (t.assigned_to is not null) desc, greatest(p.pauses - 2, 0) + abs(e.crossed - 6), t.entered_at
    limit 1
"""

_TIMELINE = """
    select l.at at time zone s.timezone, l.words
    from sla.ticket_timeline l
    join sla.settings s on s.tenant_id = l.tenant_id
    where l.tenant_id = helpdesk.current_tenant() and l.ticket_id = sla._ticket_id(%s)
    order by l.at, l.place
"""


def compliance(connection: Connection) -> RenderableType:
    """How well promises were kept, by priority."""
    table = _table("priority", "answers", "in time", "late", "resolutions", "in time", "late")
    for priority, answers, answered, late, resolutions, resolved, late_too in connection.execute(
        _BY_PRIORITY
    ):
        table.add_row(
            priority,
            _count(answers),
            _share(answered),
            _count(late),
            _count(resolutions),
            _share(resolved),
            _count(late_too),
        )
    return _titled("Were promises kept?", table)


def averages(connection: Connection) -> RenderableType:
    """How long answers and resolutions took, in business time and by the wall clock."""
    table = _table("priority", "answer", "resolution", "median", "by the wall clock")
    for priority, *times in connection.execute(_AVERAGES):
        table.add_row(priority, *map(_length, times))
    return _titled("How long did it take on average, in business time?", table)


def breaches(connection: Connection, key: str, title: str) -> RenderableType:
    """Where most resolutions were late; `key` is `client` or `technician`."""
    table = _table(key, "tickets", "late", "share")
    for name, tickets, late, share in connection.execute(_BREACHES.format(key=key).encode()):
        table.add_row(name, _count(tickets), _count(late), _share(share))
    return _titled(title, table)


def fired(connection: Connection) -> RenderableType:
    """What was crossed how often, and how many people were told."""
    table = _table("time used", "response", "resolution", "escalates to", "told in app", "mails")
    for percent, kind, response, resolution, level, told, mails in connection.execute(_FIRED):
        table.add_row(
            f"{percent} %" + (" (late)" if kind == "breach" else ""),
            _count(response),
            _count(resolution),
            f"level {level}" if level else "",
            _count(told),
            _count(mails),
        )
    note = Text("Mails about the past are kept on record and not sent.", style="dim")
    return Group(_titled("What fired when, and how many were told?", table), note, "")


def story_of(connection: Connection) -> str | None:
    """The number of a ticket that was paused and escalated; None when there is none."""
    found = connection.execute(_STORY).fetchone()
    return found[0] if found else None


def story(connection: Connection, number: str) -> RenderableType:
    """What happened to a ticket, in order, with repeated instants shown once."""
    table = _table("when", "what happened")
    table.columns[0].no_wrap = True
    table.columns[1].justify = "left"
    last = ""
    for at, words in connection.execute(_TIMELINE, [number]):
        when = f"{at:%a %d %b %H:%M}"
        table.add_row("" if when == last else when, words)
        last = when
    return _titled(f"The story of ticket {number}", table)


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _titled(title: str, table: Table) -> RenderableType:
    return Group(Text(title, style="bold"), "", table, "")


def _count(number: Any) -> str:
    return f"{int(number or 0):,}"


def _share(percent: Any) -> str:
    return "" if percent is None else f"{percent} %"


def _length(amount: timedelta | None) -> str:
    """To the minute: a mean says no more."""
    return "" if amount is None else duration(timedelta(minutes=round(amount.total_seconds() / 60)))
