"""Rows of the outbox of the current tenant, and giving what was given up another try."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from slapg.errors import SlapgError

Connection = psycopg.Connection[Any]

UNDELIVERED = ("pending", "dead")
"""States of what has not reached anybody, and is not meant not to."""

# The base table and not sla.notification_queue, which leaves out what was sent or dropped.
_SELECT: LiteralString = """
    select n.notification_id, t.ticket_number, t.title, n.template, n.channel, u.name as recipient,
        u.email as recipient_email, n.state, n.attempts, n.created_at, n.next_attempt_at, n.sent_at,
        n.digest_id, n.last_error
    from sla.notifications n
    join helpdesk.tickets t on t.tenant_id = n.tenant_id and t.ticket_id = n.ticket_id
    left join helpdesk.users u on u.tenant_id = n.tenant_id and u.user_id = n.user_id
    where n.tenant_id = helpdesk.current_tenant()
"""


@dataclass(frozen=True)
class Entry:
    """One row of the outbox; instants are UTC."""

    notification_id: int
    ticket_number: str
    title: str
    template: str
    channel: str
    recipient: str | None
    """None: whom the channel itself names."""
    recipient_email: str | None
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    digest_id: int | None
    last_error: str | None


def list_entries(
    connection: Connection, states: Collection[str] = UNDELIVERED, channel: str | None = None, limit: int = 50
) -> list[Entry]:
    """The newest rows in one of the states, of one channel or of all, the newest first."""
    query = (
        _SELECT
        + """
        and n.state = any(%(states)s) and (%(channel)s::text is null or n.channel = %(channel)s)
        order by n.notification_id desc limit %(limit)s
        """
    )
    with connection.cursor(row_factory=class_row(Entry)) as cursor:
        parameters = {"states": list(states), "channel": channel, "limit": limit}
        return cursor.execute(query, parameters).fetchall()


def find_entry(connection: Connection, notification_id: int) -> Entry:
    """One row; raises `SlapgError` when there is none of that number."""
    with connection.cursor(row_factory=class_row(Entry)) as cursor:
        found = cursor.execute(_SELECT + "and n.notification_id = %s", [notification_id]).fetchone()
    if found is None:
        raise SlapgError(
            f"no notification has the number {notification_id}",
            hint="slapg notifications list shows the numbers; another tenant's are not seen",
        )
    return found


def retry(
    connection: Connection, notification_ids: Collection[int] | None = None, channel: str | None = None
) -> tuple[int, dict[int, str]]:
    """Give what was given up a fresh set of attempts: those of these numbers, or all of them.

    Answers how many, and of the numbers given those that were not dead, with what they are instead (`unknown`
    when there is none).
    """
    ids = None if notification_ids is None else list(dict.fromkeys(notification_ids))
    others = _not_dead(connection, ids, channel) if ids else {}
    row = connection.execute("select sla.retry_notifications(%s, %s)", [ids, channel]).fetchone()
    assert row is not None
    return row[0], others


def _not_dead(connection: Connection, ids: list[int], channel: str | None) -> dict[int, str]:
    found = connection.execute(
        """
        select i.notification_id, case
            when n.state = 'dead' then 'of channel ' || n.channel
            else coalesce(n.state, 'unknown') end
        from unnest(%(ids)s::bigint[]) with ordinality as i (notification_id, place)
        left join sla.notifications n
            on n.tenant_id = helpdesk.current_tenant() and n.notification_id = i.notification_id
        where n.state is distinct from 'dead' or n.channel <> %(channel)s
        order by i.place
        """,
        {"ids": ids, "channel": channel},
    )
    return dict(found.fetchall())
