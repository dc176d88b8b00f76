"""The channels of the current tenant: configured, implied, or named without being either."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection[Any]

KINDS = ("email", "webhook", "apprise", "redis")


@dataclass(frozen=True)
class ChannelRow:
    """A row of `sla.channels`."""

    channel: str
    kind: str
    url: str | None = None
    """Secrets in it are references."""
    sender: str | None = None
    signing_secret: str | None = None
    """A reference."""
    max_attempts: int = 3
    is_enabled: bool = True


@dataclass(frozen=True)
class ChannelLine:
    """A channel, and how it fares."""

    channel: str
    kind: str | None
    """None: thresholds or managers name it, but nothing says what it is, so its messages wait."""
    url: str | None
    sender: str | None
    signing_secret: str | None
    max_attempts: int | None
    is_enabled: bool
    is_used: bool
    """Named by a threshold, an escalation manager."""
    pending: int
    dead: int


_LINES = """
    with used as (
        select unnest(t.channels) as channel from sla.notification_thresholds t
        where t.tenant_id = helpdesk.current_tenant()
        union
        select unnest(m.notify_via) from sla.escalation_managers m
        where m.tenant_id = helpdesk.current_tenant()
    ), waiting as (
        select n.channel, count(*) filter (where n.state = 'pending') as pending,
            count(*) filter (where n.state = 'dead') as dead
        from sla.notifications n
        where n.tenant_id = helpdesk.current_tenant() and n.state in ('pending', 'dead')
        group by n.channel
    ), configured as (
        select * from sla.channels c where c.tenant_id = helpdesk.current_tenant()
    ), names as (
        select channel from used union select channel from waiting union select channel from configured
        union values ('in_app'), ('email')
    )
    select channel, coalesce(c.kind, case when channel in ('in_app', 'email') then channel end) as kind,
        c.url, c.sender, c.signing_secret, c.max_attempts, coalesce(c.is_enabled, true) as is_enabled,
        u.channel is not null as is_used, coalesce(w.pending, 0) as pending, coalesce(w.dead, 0) as dead
    from names
    left join configured c using (channel)
    left join used u using (channel)
    left join waiting w using (channel)
    order by channel
"""


def list_channels(connection: Connection) -> list[ChannelLine]:
    """Every channel that is configured, used or waited for, by name."""
    with connection.cursor(row_factory=class_row(ChannelLine)) as cursor:
        return cursor.execute(_LINES).fetchall()


def find_channel(connection: Connection, channel: str) -> ChannelRow | None:
    """What is configured under that name, if anything is."""
    with connection.cursor(row_factory=class_row(ChannelRow)) as cursor:
        return cursor.execute(
            """
            select channel, kind, url, sender, signing_secret, max_attempts, is_enabled
            from sla.channels where tenant_id = helpdesk.current_tenant() and channel = %s
            """,
            [channel],
        ).fetchone()


def set_channel(connection: Connection, row: ChannelRow) -> None:
    """Configure it, in place of what was there under that name."""
    connection.execute(
        """
        select sla.set_channel(
            p_channel => %s, p_kind => %s, p_url => %s, p_sender => %s, p_signing_secret => %s,
            p_max_attempts => %s::integer, p_is_enabled => %s)
        """,
        [row.channel, row.kind, row.url, row.sender, row.signing_secret, row.max_attempts, row.is_enabled],
    )


def remove_channel(connection: Connection, channel: str) -> bool:
    """Forget how to reach it; False when nothing was configured under that name."""
    row = connection.execute("select sla.remove_channel(%s)", [channel]).fetchone()
    assert row is not None
    return bool(row[0])
