"""The ITIL default (semantics §6)."""

import threading
from typing import Any
from uuid import uuid4

import psycopg
import pytest

LEVELS = [
    # level, priority, response, resolution in minutes, around the clock
    (1, "Critical", 15, 60, True),
    (2, "High", 30, 4 * 60, False),
    (3, "Medium", 60, 24 * 60, False),
    (4, "Low", 4 * 60, 72 * 60, False),
    (5, "Planning", 8 * 60, 168 * 60, False),
]
THRESHOLDS = [
    # percent, assignee, board manager, escalation manager, channels
    (50, True, False, False, ["in_app"]),
    (75, True, True, False, ["in_app"]),
    (90, True, True, True, ["in_app", "email"]),
    (100, True, True, True, ["in_app", "email"]),
]
MADE = """
    select (select count(*) from helpdesk.priorities), (select count(*) from sla.policies),
           (select count(*) from sla.policy_targets), (select count(*) from sla.notification_thresholds)
"""

Db = psycopg.Connection[Any]


@pytest.fixture
def board(db: Db) -> Any:
    return _board(db, "Support")


def _board(db: Db, name: str) -> Any:
    row = db.execute("insert into helpdesk.boards (name) values (%s) returning board_id", [name]).fetchone()
    assert row is not None
    return row[0]


def _configure(db: Db, board: Any) -> Any:
    row = db.execute("select sla.configure_itil(%s)", [board]).fetchone()
    assert row is not None
    return row[0]


def test_priorities_targets_and_thresholds(db: Db, board: Any) -> None:
    policy = _configure(db, board)
    targets = db.execute(
        """
        select r.itil_level, r.name, g.response_minutes, g.resolution_minutes, g.is_24x7
        from sla.policy_targets g join helpdesk.priorities r using (tenant_id, priority_id)
        where g.policy_id = %s order by 1
        """,
        [policy],
    ).fetchall()
    assert targets == LEVELS
    escalations = db.execute(
        "select distinct escalation_1_percent, escalation_2_percent, escalation_3_percent"
        " from sla.policy_targets"
    ).fetchall()
    assert escalations == [(70, 90, 110)]
    thresholds = db.execute(
        "select percent, notify_assignee, notify_board_manager, notify_escalation_manager, channels"
        " from sla.notification_thresholds where policy_id = %s order by 1",
        [policy],
    ).fetchall()
    assert thresholds == THRESHOLDS
    names = db.execute(
        "select p.name from helpdesk.boards b join sla.policies p on p.policy_id = b.sla_policy_id"
    ).fetchall()
    assert names == [("ITIL Standard",)]


def test_twice_is_once_and_edits_stay(db: Db, board: Any) -> None:
    policy = _configure(db, board)
    db.execute("update sla.policy_targets set resolution_minutes = 99 where resolution_minutes = 60")
    made = db.execute(MADE).fetchall()
    assert _configure(db, board) == policy
    assert _configure(db, _board(db, "Lab")) == policy
    assert db.execute(MADE).fetchall() == made == [(5, 1, 5, 4)]
    assert db.execute("select count(*) from sla.policy_targets where resolution_minutes = 99").fetchone() == (
        1,
    )


def test_a_board_that_has_a_policy_keeps_it(db: Db, board: Any) -> None:
    db.execute("update helpdesk.boards set sla_policy_id = sla.create_policy('Own')")
    _configure(db, board)
    names = db.execute(
        "select p.name from helpdesk.boards b join sla.policies p on p.policy_id = b.sla_policy_id"
    ).fetchall()
    assert names == [("Own",)]


def test_priorities_that_exist_are_used(db: Db, board: Any) -> None:
    """Those of a level are taken as they are named."""
    db.execute("insert into helpdesk.priorities (name, itil_level) values ('Help!', 1), ('Whenever', null)")
    policy = _configure(db, board)
    found = db.execute(
        """
        select r.name, g.resolution_minutes
        from helpdesk.priorities r
        left join sla.policy_targets g on g.priority_id = r.priority_id and g.policy_id = %s
        order by g.resolution_minutes nulls first
        """,
        [policy],
    ).fetchall()
    assert found == [("Whenever", None), ("Help!", 60)] + [
        (name, minutes) for _, name, _, minutes, _ in LEVELS[1:]
    ]


def test_each_tenant_has_its_own(db: Db, board: Any) -> None:
    ours = _configure(db, board)
    tenant = uuid4()
    db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [tenant])
    db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
    assert _configure(db, _board(db, "Theirs")) != ours
    assert db.execute(MADE).fetchall() == [(10, 2, 10, 8)]


def test_two_at_once_make_one(db: Db, connect: Any) -> None:
    boards = [_board(db, "Support"), _board(db, "Lab")]
    other: Db = connect(autocommit=False)
    first = _configure(other, boards[0])
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.append(_configure(db, boards[1])))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()  # for the first to commit
    other.commit()
    waiting.join(10)
    assert found == [first]
    assert other.execute(MADE).fetchall() == [(5, 1, 5, 4)]


@pytest.mark.parametrize(
    ("impact", "urgency", "level"),
    [(1, 1, 1), (1, 2, 2), (2, 2, 2), (1, 3, 2), (2, 3, 3), (1, 5, 3), (3, 4, 4), (4, 5, 5), (5, 5, 5)],
)
def test_impact_and_urgency_lead_to_a_level(db: Db, impact: int, urgency: int, level: int) -> None:
    for pair in ([impact, urgency], [urgency, impact]):
        assert db.execute("select sla.itil_level(%s, %s)", pair).fetchone() == (level,)


@pytest.mark.parametrize("pair", [(0, 1), (1, 6), (-1, 3)])
def test_others_lead_nowhere(db: Db, pair: tuple[int, int]) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        db.execute("select sla.itil_level(%s, %s)", pair)
    assert refusal.value.sqlstate == "SL013"


def test_no_impact_no_level(db: Db) -> None:
    assert db.execute("select sla.itil_level(null, 3)").fetchone() == (None,)


def test_a_priority_of_that_name_takes_the_level_on(db: Db, board: Any) -> None:
    """A desk that has a "Low" of its own gets no second one."""
    db.execute("insert into helpdesk.priorities (name, rank) values ('Low', 7), ('Someday', 9)")
    _configure(db, board)
    kept = db.execute(
        "select name, rank, itil_level from helpdesk.priorities"
        " where name in ('Low', 'Someday') order by rank"
    ).fetchall()
    assert kept == [("Low", 7, 4), ("Someday", 9, None)]
