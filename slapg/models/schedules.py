"""Business hours: schedules, their entries and holidays, and the calendars made of them (schema `sla`)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from slapg.models.base import (
    Base,
    Big,
    LocalTime,
    NewKey,
    Small,
    TenantKey,
    filled,
    join,
    names,
    of_tenant,
)


class Schedule(Base):
    """Business hours: a time zone, weekly entries and holidays; or 24x7."""

    __tablename__ = "schedules"
    __table_args__ = (
        of_tenant(),
        names("calendar_id", "sla.calendars.calendar_id", use_alter=True),
        {"schema": "sla"},
    )

    tenant_id: Mapped[TenantKey]
    schedule_id: Mapped[NewKey]
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(server_default=filled())
    is_default: Mapped[bool] = mapped_column(server_default=filled())
    is_24x7: Mapped[bool] = mapped_column(server_default=filled())
    calendar_id: Mapped[Big | None]
    archived_at: Mapped[datetime | None]

    entries: Mapped[list["ScheduleEntry"]] = relationship(
        primaryjoin=join("ScheduleEntry", "schedule_id", "Schedule", "schedule_id"),
        order_by="(ScheduleEntry.day_of_week, ScheduleEntry.start_time)",
        passive_deletes="all",
    )
    holidays: Mapped[list["Holiday"]] = relationship(
        primaryjoin=join("Holiday", "schedule_id", "Schedule", "schedule_id"),
        order_by="Holiday.holiday_date",
        passive_deletes="all",
    )


class ScheduleEntry(Base):
    """Weekly opening hours, half-open, in local time; `day_of_week` 0 is Sunday."""

    __tablename__ = "schedule_entries"
    __table_args__ = (names("schedule_id", "sla.schedules.schedule_id", "CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    entry_id: Mapped[NewKey]
    schedule_id: Mapped[UUID]
    day_of_week: Mapped[Small]
    start_time: Mapped[str] = mapped_column(LocalTime)
    end_time: Mapped[str] = mapped_column(LocalTime)
    is_enabled: Mapped[bool] = mapped_column(server_default=filled())
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Holiday(Base):
    """A local date, or a part of it, without business time; `schedule_id` null: for every schedule."""

    __tablename__ = "holidays"
    __table_args__ = (
        of_tenant(),
        names("schedule_id", "sla.schedules.schedule_id", "CASCADE"),
        {"schema": "sla"},
    )

    tenant_id: Mapped[TenantKey]
    holiday_id: Mapped[NewKey]
    schedule_id: Mapped[UUID | None]
    name: Mapped[str]
    holiday_date: Mapped[date]
    is_recurring: Mapped[bool] = mapped_column(server_default=filled())
    start_time: Mapped[str | None] = mapped_column(LocalTime)
    end_time: Mapped[str | None] = mapped_column(LocalTime)


class Calendar(Base):
    """One immutable version of a schedule, made by the database; clocks name the one that they count in."""

    __tablename__ = "calendars"
    __table_args__ = (names("schedule_id", "sla.schedules.schedule_id"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    calendar_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default=filled())
    schedule_id: Mapped[UUID]
    definition: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
