"""The outbox: `sla.notifications`, through the functions that hold its rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from psycopg.rows import class_row

from slapg.listener.deadlines import Deadlines
from slapg.listener.outcome import Outcome
from slapg.listener.session import Connection
from slapg.notifier import DIGEST, Notification
from slapg.notifier.channel import writable


class Outbox:
    """Claims and answers over one connection; the database decides what is due and when to try again."""

    def __init__(self, connection: Connection, deadlines: Deadlines | None = None) -> None:
        self._connection = connection
        self._deadlines = deadlines or Deadlines()

    def claim(self, kind: str, limit: int, lease: timedelta, blocked: Sequence[str]) -> list[Notification]:
        """What is due for a kind of channel, ours until the lease ends, digests put together.

        `blocked`: endpoints that are passed over.
        """
        with (
            self._deadlines.within(self._connection),
            self._connection.cursor(row_factory=class_row(Notification)) as cursor,
        ):
            rows = cursor.execute(
                "select * from sla.claim_notifications(%s, %s, %s, %s)", [kind, limit, lease, list(blocked)]
            ).fetchall()
        return put_together([_readable(row) for row in rows])

    def record(self, outcomes: Sequence[Outcome]) -> list[str]:
        """Write down how they went; of each, its state now, or `overtaken`.

        Overtaken: our lease ran out, or the notification was dropped or deleted meanwhile. All or none are
        recorded; recording them twice does no harm.
        """
        if not outcomes:
            return []
        parts = [(part, outcome) for outcome in outcomes for part in _parts(outcome.notification)]
        with self._deadlines.within(self._connection):
            rows = self._connection.execute(
                "select tenant_id, notification_id, state from sla.record_deliveries(%s, %s, %s, %s, %s)",
                [
                    [part.tenant_id for part, _ in parts],
                    [part.notification_id for part, _ in parts],
                    [part.attempt for part, _ in parts],
                    [outcome.verdict.value for _, outcome in parts],
                    [outcome.error and writable(outcome.error) for _, outcome in parts],
                ],
            ).fetchall()
        states = {(tenant, number): state for tenant, number, state in rows}
        firsts = (_parts(outcome.notification)[0] for outcome in outcomes)
        return [states.get((first.tenant_id, first.notification_id)) or "overtaken" for first in firsts]


def put_together(rows: Sequence[Notification]) -> list[Notification]:
    """Rows of one digest become one notification, in the place of the first; others stay as they are."""
    digests: dict[tuple[UUID, bool, int], list[Notification]] = {}
    for row in rows:
        alone = row.digest_id is None
        number = row.notification_id if row.digest_id is None else row.digest_id
        digests.setdefault((row.tenant_id, alone, number), []).append(row)
    return [_digest(members) if len(members) > 1 else members[0] for members in digests.values()]


def _readable(row: Notification) -> Notification:
    """A payload that is no JSON object tells nothing; it must not upset whoever looks into it."""
    return row if isinstance(row.payload, dict) else replace(row, payload={})


def _digest(members: list[Notification]) -> Notification:
    members.sort(key=lambda member: member.notification_id)
    first = members[0]
    assert first.digest_id is not None
    return replace(
        first, notification_id=first.digest_id, event_id=None, template=DIGEST, members=tuple(members)
    )


def _parts(notification: Notification) -> tuple[Notification, ...]:
    return notification.members or (notification,)
