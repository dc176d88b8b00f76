"""Several listeners at once, at full speed: each message once, and each ticket's in order."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from threading import Thread
from typing import Any

import psycopg
import pytest

from tests.delivery.conftest import Db, Desk

LISTENERS = 3
FILL = """
    insert into sla.notifications (ticket_id, user_id, channel, template, created_at, next_attempt_at)
    select ('00000000-0000-0000-0000-' || lpad((i % 40)::text, 12, '0'))::uuid,
           u.ids[1 + (i % 40) % cardinality(u.ids)], 'email', 'breach', now(), now()
    from generate_series(1, 400) as i,
         (select array_agg(user_id order by user_id) as ids from helpdesk.users) as u
"""
CLAIM = """
    select array_agg(tenant_id) as tenants, array_agg(notification_id) as numbers,
           array_agg(attempt::integer) as attempts,
           array_agg(coalesce(digest_id, notification_id)) as messages
    from sla.claim_notifications('email', %s)
"""
# Some are refused by its server at first, so that retries mix with the rest.
RECORD = """
    insert into told
    select clock_timestamp(), d.notification_id, d.message, d.state
    from (
        select c.notification_id, c.message, r.state
        from unnest(%(numbers)s::bigint[], %(messages)s::bigint[]) as c (notification_id, message)
        join sla.record_deliveries(
            %(tenants)s::uuid[], %(numbers)s::bigint[], %(attempts)s::integer[],
            array(select case when a.attempt = 1 and a.message %% 29 = 1 then 'failed' else 'sent' end
                  from unnest(%(attempts)s::integer[], %(messages)s::bigint[]) as a (attempt, message)),
            null) r using (notification_id)
    ) d
"""


def listen(connection: psycopg.Connection[Any], limit: int) -> None:
    """Claim and answer until nothing is pending any more."""
    while connection.execute("select 1 from sla.notifications where state = 'pending' limit 1").fetchone():
        with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            row = cursor.execute(CLAIM.encode(), [limit]).fetchone()
            assert row is not None
            if row["numbers"]:
                cursor.execute(RECORD.encode(), row)


@pytest.mark.parametrize("digest_after", [5, None])
def test_each_message_once_and_in_order(db: Db, connect: Callable[..., Db], digest_after: int | None) -> None:
    desk = Desk(db)
    for name in ("Ben", "Cleo", "Dirk", "Eva"):
        desk.user(name)
    db.execute("select set_config('slapg.now', '', false)")
    db.execute("update sla.settings set digest_after = %s", [digest_after])
    db.execute("create table told (at timestamptz, notification_id bigint, message bigint, state text)")
    db.execute(FILL.encode())
    threads = [Thread(target=listen, args=(connect(), 3 + 4 * number)) for number in range(LISTENERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    told = db.execute("select notification_id, state from told order by at, notification_id").fetchall()
    assert Counter(number for number, state in told if state == "sent") == Counter(
        number for (number,) in db.execute("select notification_id from sla.notifications")
    )
    assert {state for _, state in told} == {"sent", "pending"}
    ticket_of = dict(db.execute("select notification_id, ticket_id from sla.notifications").fetchall())
    orders: dict[Any, list[int]] = {}
    for number, state in told:
        if state == "sent":
            orders.setdefault(ticket_of[number], []).append(number)
    assert len(orders) == 40
    assert all(first < second for order in orders.values() for first, second in pairwise(order))
