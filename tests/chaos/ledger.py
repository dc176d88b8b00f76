"""What a sink took, held against what the outbox says; both by the numbers of notifications."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import psycopg

from tests.chaos.webhook_sink import Post

SENT_SQL = """
select notification_id, ticket_id from sla.notifications
where channel = %s and state = 'sent' order by notification_id
"""


def sent(db: psycopg.Connection[Any], channel: str) -> dict[int, UUID]:
    """What the outbox says was sent, with the ticket of each, in the order in which it was written."""
    return dict(db.execute(SENT_SQL, [channel]).fetchall())


def posted(posts: Iterable[Post]) -> list[int]:
    """Which one each post is, in the order of acceptance."""
    return [post.event["data"]["notification_id"] for post in posts]


def mailed(mails: Iterable[EmailMessage]) -> list[int]:
    """Which one each mail is, by its Message-ID, in the order of acceptance."""
    found = [re.match(r"<slapg\.(\d+)\.", str(mail["Message-ID"])) for mail in mails]
    return [int(each[1]) for each in found if each]


def check(taken: Sequence[int], written: Mapping[int, UUID], doubles: int) -> None:
    """Everything that was written was taken, each ticket's in order, and at most `doubles` more than once."""
    assert set(taken) == set(written)
    assert doubled(taken) <= doubles, "only what was in flight"
    assert _by_ticket(taken, written) == _by_ticket(written, written), "by first acceptance"


def doubled(taken: Iterable[int]) -> int:
    """How many acceptances were of something that had been accepted before."""
    return sum(times - 1 for times in Counter(taken).values())


def _by_ticket(numbers: Iterable[int], ticket_of: Mapping[int, UUID]) -> dict[UUID, list[int]]:
    found = defaultdict(list)
    for number in dict.fromkeys(numbers):
        found[ticket_of[number]].append(number)
    return found
