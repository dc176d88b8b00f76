"""The outbox: `sla.notifications`, through the functions that hold its rules."""

from psycopg.rows import class_row

from slapg.listener.session import Connection
from slapg.notifier import DeliveryError, Notification


class Outbox:
    """Claims and answers over one connection; the database decides what is due and when to try again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, channel: str) -> Notification | None:
        """The next notification of a channel, ours for two minutes; None when none is due.

        One at a time: a listener that is killed spends an attempt of the one that it was sending, no other.
        """
        with self._connection.cursor(row_factory=class_row(Notification)) as cursor:
            return cursor.execute("select * from sla.claim_notifications(%s)", [channel]).fetchone()

    def record(self, notification: Notification, error: DeliveryError | None) -> str:
        """Write down how it went: its state now, or `sent` or `overtaken`.

        Overtaken: our lease ran out, or the notification was dropped or deleted meanwhile.
        """
        if error is None:
            self._connection.execute(
                "select sla.mark_notification_sent(%s, %s)",
                [notification.tenant_id, notification.notification_id],
            )
            return "sent"
        row = self._connection.execute(
            "select sla.mark_notification_failed(%s, %s, %s, %s, %s)",
            [
                notification.tenant_id,
                notification.notification_id,
                notification.attempt,
                str(error),
                error.is_permanent,
            ],
        ).fetchone()
        return row[0] if row and row[0] else "overtaken"
