"""How a tenant's messages reach people: channels, its own templates, what recipients prefer."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from slapg.models.base import Base, Key, Small, TenantKey, filled, names, of_tenant


class Channel(Base):
    """What a channel named in thresholds and `notify_via` stands for."""

    __tablename__ = "channels"
    __table_args__ = (of_tenant("CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    channel: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    url: Mapped[str | None]
    sender: Mapped[str | None]
    signing_secret: Mapped[str | None]
    max_attempts: Mapped[Small] = mapped_column(server_default=filled())
    is_enabled: Mapped[bool] = mapped_column(server_default=filled())


class MessageTemplate(Base):
    """A tenant's own words in place of the shipped ones."""

    __tablename__ = "message_templates"
    __table_args__ = (of_tenant("CASCADE"), {"schema": "sla"})

    tenant_id: Mapped[TenantKey]
    template: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True, server_default=filled())
    body: Mapped[str]


class RecipientPreference(Base):
    """How a person wants to be told."""

    __tablename__ = "recipient_preferences"
    __table_args__ = (
        names("user_id", "helpdesk.users.user_id", "CASCADE"),
        names("schedule_id", "sla.schedules.schedule_id", "SET NULL (schedule_id)"),
        {"schema": "sla"},
    )

    tenant_id: Mapped[TenantKey]
    user_id: Mapped[Key]
    schedule_id: Mapped[UUID | None]
    locale: Mapped[str | None]
