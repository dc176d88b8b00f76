"""What a service desk promises: policies, targets, thresholds, pause rules, settings (schema `sla`)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from slapg.models.base import Base, Big, Key, NewKey, Small, TenantKey, filled, join, names, of_tenant
from slapg.models.helpdesk import Priority
from slapg.models.schedules import Schedule


class Policy(Base):
    """What is promised to whom.  A ticket takes its own, its client's, its board's, else the default one."""

    __tablename__ = "policies"
    __table_args__ = (of_tenant(), names("schedule_id", "sla.schedules.schedule_id"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    policy_id: Mapped[NewKey]
    name: Mapped[str]
    description: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(server_default=filled())
    schedule_id: Mapped[UUID | None]
    archived_at: Mapped[datetime | None]

    schedule: Mapped[Schedule | None] = relationship(
        primaryjoin=join("Policy", "schedule_id", "Schedule", "schedule_id")
    )
    targets: Mapped[list["PolicyTarget"]] = relationship(
        primaryjoin=join("PolicyTarget", "policy_id", "Policy", "policy_id"), passive_deletes="all"
    )
    thresholds: Mapped[list["NotificationThreshold"]] = relationship(
        primaryjoin=join("NotificationThreshold", "policy_id", "Policy", "policy_id"),
        order_by="NotificationThreshold.percent",
        passive_deletes="all",
    )


class PolicyTarget(Base):
    """What a policy promises for a priority, in business minutes; null: nothing."""

    __tablename__ = "policy_targets"
    __table_args__ = (
        names("policy_id", "sla.policies.policy_id", "CASCADE"),
        names("priority_id", "helpdesk.priorities.priority_id"),
        {"schema": "sla"},
    )

    tenant_id: Mapped[TenantKey]
    target_id: Mapped[NewKey]
    policy_id: Mapped[UUID]
    priority_id: Mapped[UUID]
    response_minutes: Mapped[int | None]
    resolution_minutes: Mapped[int | None]
    escalation_1_percent: Mapped[Small | None] = mapped_column(server_default=filled())
    escalation_2_percent: Mapped[Small | None] = mapped_column(server_default=filled())
    escalation_3_percent: Mapped[Small | None] = mapped_column(server_default=filled())
    is_24x7: Mapped[bool] = mapped_column(server_default=filled())

    priority: Mapped[Priority] = relationship(
        primaryjoin=join("PolicyTarget", "priority_id", "Priority", "priority_id")
    )


class NotificationThreshold(Base):
    """A percent of the target at which people are told, whom, and how."""

    __tablename__ = "notification_thresholds"
    __table_args__ = (names("policy_id", "sla.policies.policy_id", "CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    policy_id: Mapped[Key]
    percent: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    notify_assignee: Mapped[bool] = mapped_column(server_default=filled())
    notify_board_manager: Mapped[bool] = mapped_column(server_default=filled())
    notify_escalation_manager: Mapped[bool] = mapped_column(server_default=filled())
    channels: Mapped[list[str]] = mapped_column(server_default=filled())


class EscalationManager(Base):
    """Who is brought in when a ticket of a board reaches an escalation level (1 to 3)."""

    __tablename__ = "escalation_managers"
    __table_args__ = (
        names("board_id", "helpdesk.boards.board_id", "CASCADE"),
        names("manager_user_id", "helpdesk.users.user_id"),
        {"schema": "sla"},
    )

    tenant_id: Mapped[TenantKey]
    board_id: Mapped[Key]
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    manager_user_id: Mapped[UUID]
    notify_via: Mapped[list[str]] = mapped_column(server_default=filled())


class StatusPauseConfig(Base):
    """A status that pauses the clocks of the tickets in it."""

    __tablename__ = "status_pause_config"
    __table_args__ = (names("status_id", "helpdesk.statuses.status_id", "CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    status_id: Mapped[Key]
    pauses_sla: Mapped[bool] = mapped_column(server_default=filled())


class Settings(Base):
    """How a tenant wants its clocks to behave: one row a tenant."""

    __tablename__ = "settings"
    __table_args__ = (of_tenant("CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    pause_on_awaiting_client: Mapped[bool] = mapped_column(server_default=filled())
    close_completes_response: Mapped[bool] = mapped_column(server_default=filled())
    reopen_mode: Mapped[str] = mapped_column(server_default=filled())
    at_risk_percent: Mapped[Small] = mapped_column(server_default=filled())
    import_after: Mapped[timedelta] = mapped_column(server_default=filled())
    timezone: Mapped[str] = mapped_column(server_default=filled())
    config_version: Mapped[Big] = mapped_column(server_default=filled())
    digest_after: Mapped[Small | None] = mapped_column(server_default=filled())
    locale: Mapped[str] = mapped_column(server_default=filled())


class ConfigurationChange(Base):
    """A configuration row inserted, updated (then with what changed) or deleted; never rewritten."""

    __tablename__ = "configuration_history"
    __table_args__ = ({"schema": "sla"},)

    tenant_id: Mapped[Key]
    change_id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    table_name: Mapped[str]
    operation: Mapped[str]
    row_key: Mapped[dict[str, Any]]
    old_values: Mapped[dict[str, Any] | None]
    new_values: Mapped[dict[str, Any] | None]
    actor: Mapped[str]
    created_at: Mapped[datetime]
