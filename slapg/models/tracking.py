"""What slapg keeps about tickets, for reading: clocks, pauses, events, outbox, audit log (schema `sla`)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Identity, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from slapg.models.base import Base, Big, Key, Small, TenantKey, filled, join, names
from slapg.models.policies import Policy


class Clock(Base):
    """How one promise about a ticket stands.  Written by triggers and the sweep only."""

    __tablename__ = "clocks"
    __table_args__ = ({"schema": "sla"},)

    tenant_id: Mapped[TenantKey]
    ticket_id: Mapped[Key]
    metric: Mapped[str] = mapped_column(primary_key=True)
    cycle: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=filled())
    state: Mapped[str]
    policy_id: Mapped[UUID]
    priority_id: Mapped[UUID]
    calendar_id: Mapped[Big | None]
    target: Mapped[timedelta]
    percents: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    crossings: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    escalation_percents: Mapped[list[int | None]] = mapped_column(ARRAY(SmallInteger))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    met: Mapped[bool | None]
    cancel_reason: Mapped[str | None]
    next_percent: Mapped[Small | None]
    next_fire_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    silent_before: Mapped[datetime | None]
    keeps_due_date: Mapped[bool] = mapped_column(server_default=filled())

    policy: Mapped[Policy] = relationship(
        primaryjoin=join("Clock", "policy_id", "Policy", "policy_id"), viewonly=True
    )


class Pause(Base):
    """A time in which a ticket's clocks stand still, for one reason; `resumed_at` null: it still holds."""

    __tablename__ = "pauses"
    __table_args__ = (names("ticket_id", "helpdesk.tickets.ticket_id", "CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    ticket_id: Mapped[Key]
    pause_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    reason: Mapped[str]
    paused_at: Mapped[datetime]
    resumed_at: Mapped[datetime | None]


class ThresholdEvent(Base):
    """A percent of its target that a clock crossed, once; with `withdrawn_at` it counts nowhere."""

    __tablename__ = "threshold_events"
    __table_args__ = ({"schema": "sla"},)

    tenant_id: Mapped[TenantKey]
    ticket_id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    metric: Mapped[str]
    cycle: Mapped[Small]
    percent: Mapped[Small]
    kind: Mapped[str]
    crossed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    escalation_level: Mapped[Small | None]
    superseded: Mapped[bool] = mapped_column(server_default=filled())
    withdrawn_at: Mapped[datetime | None]


class Notification(Base):
    """A message to one person over one channel; an application sets `read_at` of its `in_app` ones."""

    __tablename__ = "notifications"
    __table_args__ = ({"schema": "sla"},)

    tenant_id: Mapped[TenantKey]
    notification_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[Big | None]
    ticket_id: Mapped[UUID]
    user_id: Mapped[UUID | None]
    channel: Mapped[str]
    template: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=filled())
    state: Mapped[str] = mapped_column(server_default=filled())
    attempts: Mapped[Small] = mapped_column(server_default=filled())
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    read_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_alone: Mapped[bool | None]
    digest_id: Mapped[Big | None]


class SweepRun(Base):
    """What one sweep did."""

    __tablename__ = "sweep_runs"
    __table_args__ = ({"schema": "sla"},)

    run_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    settled: Mapped[int]
    recorded: Mapped[int]
    failed: Mapped[int]


class SweepError(Base):
    """A ticket that the sweep could not settle, until it can."""

    __tablename__ = "sweep_errors"
    __table_args__ = (names("ticket_id", "helpdesk.tickets.ticket_id", "CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[Key]
    ticket_id: Mapped[Key]
    failures: Mapped[int] = mapped_column(server_default=filled())
    first_failed_at: Mapped[datetime]
    last_failed_at: Mapped[datetime]
    retry_at: Mapped[datetime]
    sqlstate: Mapped[str]
    message: Mapped[str]


class AuditEntry(Base):
    """One line of a ticket's history; it outlives the ticket."""

    __tablename__ = "audit_log"
    __table_args__ = ({"schema": "sla"},)

    tenant_id: Mapped[TenantKey]
    ticket_id: Mapped[Key]
    log_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default=filled())
    event_type: Mapped[str]
    event_data: Mapped[dict[str, Any]] = mapped_column(server_default=filled())
    effective_at: Mapped[datetime]
    actor: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(primary_key=True)
