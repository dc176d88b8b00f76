"""An application that writes through the models, and what it reads back."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.orm import Session

from slapg.models import (
    Client,
    Clock,
    Comment,
    Holiday,
    Policy,
    PolicyTarget,
    Priority,
    Schedule,
    ScheduleEntry,
    Status,
    Ticket,
    views,
)

MONDAY = datetime(2026, 2, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def session(db_url: str) -> Iterator[Session]:
    """A superuser's session on a Monday morning."""
    engine = create_engine(make_url(db_url).set(drivername="postgresql+psycopg"))
    with Session(engine) as session:
        session.execute(text("select set_config('slapg.now', '2026-02-02 09:00Z', false)"))
        yield session
    engine.dispose()


@pytest.fixture
def urgent(session: Session) -> Priority:
    """A policy for everybody: Urgent is answered in one hour and solved in four, any time of a weekday."""
    urgent = Priority(name="Urgent", rank=1)
    schedule = Schedule(
        name="Weekdays",
        is_default=True,
        entries=[ScheduleEntry(day_of_week=day, start_time=time(0), end_time="24:00") for day in range(1, 6)],
        holidays=[Holiday(name="Carnival", holiday_date=MONDAY.date() + timedelta(days=1))],
    )
    target = PolicyTarget(priority=urgent, response_minutes=60, resolution_minutes=240)
    session.add(Policy(name="Gold", is_default=True, schedule=schedule, targets=[target]))
    session.commit()
    return urgent


def test_a_ticket_has_its_clocks_at_once(session: Session, urgent: Priority) -> None:
    ticket = Ticket(title="Printer on fire", priority=urgent, entered_at=MONDAY)
    session.add(ticket)
    session.flush()
    assert [(clock.metric, clock.due_at) for clock in ticket.clocks] == [
        ("response", MONDAY + HOUR),
        ("resolution", MONDAY + 4 * HOUR),
    ]
    assert ticket.due_date == MONDAY + 4 * HOUR
    assert ticket.ticket_number
    assert ticket.clocks[0].policy.name == "Gold"
    assert ticket.clocks[1].crossings[-1] > ticket.clocks[1].due_at


def test_what_the_database_changes_is_read_again(session: Session, urgent: Priority) -> None:
    ticket = Ticket(priority=urgent, entered_at=MONDAY)
    session.add(ticket)
    session.flush()
    calm = Priority(name="Calm", rank=9)
    session.add(calm)
    policy = session.scalars(select(Policy)).one()
    policy.targets.append(PolicyTarget(priority=calm, resolution_minutes=480))
    session.flush()
    ticket.priority = calm
    session.flush()
    assert ticket.due_date == MONDAY + 8 * HOUR


def test_related_objects_are_of_the_tenant(session: Session) -> None:
    client = Client(name="Acme")
    ticket = Ticket(client=client, status=Status(name="New"), entered_at=MONDAY)
    ticket.comments.append(Comment(author_type="client", body="Help!"))
    session.add(ticket)
    session.commit()
    assert ticket.tenant_id == client.tenant_id == ticket.comments[0].tenant_id
    assert (ticket.client_id, ticket.comments[0].ticket_id) == (client.client_id, ticket.ticket_id)
    assert ticket.clocks == []
    session.delete(ticket)
    session.commit()
    assert session.scalars(select(Comment)).all() == []


def test_a_public_comment_answers(session: Session, urgent: Priority) -> None:
    ticket = Ticket(priority=urgent, entered_at=MONDAY)
    session.add(ticket)
    session.flush()
    ticket.comments.append(Comment(author_type="internal", body="On my way", created_at=MONDAY))
    session.commit()
    answered = select(Clock).where(Clock.ticket_id == ticket.ticket_id, Clock.metric == "response")
    assert session.scalars(answered).one().met is True


def test_midnight_at_the_end_of_a_day_survives(session: Session, urgent: Priority) -> None:
    entry = session.scalars(select(ScheduleEntry).limit(1)).one()
    assert (entry.start_time, entry.end_time) == ("00:00:00", "24:00:00")
    assert session.scalars(select(ScheduleEntry).where(ScheduleEntry.end_time == "24:00")).all()


def test_views_are_selected_from(session: Session, urgent: Priority) -> None:
    session.add(Ticket(priority=urgent, entered_at=MONDAY))
    session.flush()
    status = views.ticket_status
    row = session.execute(select(status.c.sla_status, status.c.resolution_remaining)).one()
    assert row == ("on_track", 4 * HOUR)
