"""What applications write: tickets, comments, and the people and boards around them (schema `helpdesk`)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column, relationship

from slapg.models.base import Base, Key, NewKey, Small, TenantKey, filled, join, names, of_tenant

if TYPE_CHECKING:
    from slapg.models.policies import Policy
    from slapg.models.tracking import Clock, Pause


class Tenant(Base):
    """An organisation whose service desk is tracked."""

    __tablename__ = "tenants"
    __table_args__ = ({"schema": "helpdesk"},)

    tenant_id: Mapped[NewKey]
    name: Mapped[str]


class User(Base):
    """Somebody of the staff, or a contact of a client."""

    __tablename__ = "users"
    __table_args__ = (of_tenant(), {"schema": "helpdesk"})

    tenant_id: Mapped[TenantKey]
    user_id: Mapped[NewKey]
    name: Mapped[str]
    email: Mapped[str | None]
    is_internal: Mapped[bool] = mapped_column(server_default=filled())


class Client(Base):
    """A customer of the service desk."""

    __tablename__ = "clients"
    __table_args__ = (of_tenant(), names("sla_policy_id", "sla.policies.policy_id"), {"schema": "helpdesk"})

    tenant_id: Mapped[TenantKey]
    client_id: Mapped[NewKey]
    name: Mapped[str]
    sla_policy_id: Mapped[UUID | None]

    policy: Mapped["Policy | None"] = relationship(
        primaryjoin=join("Client", "sla_policy_id", "Policy", "policy_id")
    )


class Board(Base):
    """A queue of tickets, with its manager and maybe its policy."""

    __tablename__ = "boards"
    __table_args__ = (
        of_tenant(),
        names("manager_user_id", "helpdesk.users.user_id", "SET NULL (manager_user_id)"),
        names("sla_policy_id", "sla.policies.policy_id"),
        {"schema": "helpdesk"},
    )

    tenant_id: Mapped[TenantKey]
    board_id: Mapped[NewKey]
    name: Mapped[str]
    manager_user_id: Mapped[UUID | None]
    sla_policy_id: Mapped[UUID | None]

    manager: Mapped[User | None] = relationship(
        primaryjoin=join("Board", "manager_user_id", "User", "user_id")
    )
    policy: Mapped["Policy | None"] = relationship(
        primaryjoin=join("Board", "sla_policy_id", "Policy", "policy_id")
    )


class Priority(Base):
    """A priority of tickets; policies promise a target for each."""

    __tablename__ = "priorities"
    __table_args__ = (of_tenant(), {"schema": "helpdesk"})

    tenant_id: Mapped[TenantKey]
    priority_id: Mapped[NewKey]
    name: Mapped[str]
    rank: Mapped[int] = mapped_column(server_default=filled())
    itil_level: Mapped[Small | None]
    archived_at: Mapped[datetime | None]


class Status(Base):
    """A status that a ticket can be in; `board_id` null: on every board."""

    __tablename__ = "statuses"
    __table_args__ = (of_tenant(), names("board_id", "helpdesk.boards.board_id"), {"schema": "helpdesk"})

    tenant_id: Mapped[TenantKey]
    status_id: Mapped[NewKey]
    board_id: Mapped[UUID | None]
    name: Mapped[str]
    is_closed: Mapped[bool] = mapped_column(server_default=filled())
    archived_at: Mapped[datetime | None]

    board: Mapped[Board | None] = relationship(primaryjoin=join("Status", "board_id", "Board", "board_id"))


class Ticket(Base):
    """A ticket.  Its clocks follow from it by triggers, in the same transaction.

    `due_date`, `escalated`, `escalation_level` and `escalated_at` are changed by the database: after a write
    that moves a deadline they are read again when next looked at.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        of_tenant(),
        names("client_id", "helpdesk.clients.client_id"),
        names("board_id", "helpdesk.boards.board_id"),
        names("priority_id", "helpdesk.priorities.priority_id"),
        names("status_id", "helpdesk.statuses.status_id"),
        names("assigned_to", "helpdesk.users.user_id", "SET NULL (assigned_to)"),
        names("sla_policy_id", "sla.policies.policy_id"),
        {"schema": "helpdesk"},
    )

    tenant_id: Mapped[TenantKey]
    ticket_id: Mapped[NewKey]
    ticket_number: Mapped[str] = mapped_column(server_default=filled())
    title: Mapped[str] = mapped_column(server_default=filled())
    client_id: Mapped[UUID | None]
    board_id: Mapped[UUID | None]
    priority_id: Mapped[UUID | None]
    status_id: Mapped[UUID | None]
    assigned_to: Mapped[UUID | None]
    response_state: Mapped[str | None]
    entered_at: Mapped[datetime] = mapped_column(server_default=filled())
    updated_at: Mapped[datetime] = mapped_column(server_default=filled())
    closed_at: Mapped[datetime | None]
    # Filled and kept in step by triggers, not by a default.
    due_date: Mapped[datetime | None] = mapped_column(server_default=filled(), server_onupdate=filled())
    sla_policy_id: Mapped[UUID | None]
    escalated: Mapped[bool] = mapped_column(server_default=filled(), server_onupdate=filled())
    escalation_level: Mapped[Small] = mapped_column(server_default=filled(), server_onupdate=filled())
    escalated_at: Mapped[datetime | None] = mapped_column(server_onupdate=filled())
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=filled())

    client: Mapped[Client | None] = relationship(
        primaryjoin=join("Ticket", "client_id", "Client", "client_id")
    )
    board: Mapped[Board | None] = relationship(primaryjoin=join("Ticket", "board_id", "Board", "board_id"))
    priority: Mapped[Priority | None] = relationship(
        primaryjoin=join("Ticket", "priority_id", "Priority", "priority_id")
    )
    status: Mapped[Status | None] = relationship(
        primaryjoin=join("Ticket", "status_id", "Status", "status_id")
    )
    assignee: Mapped[User | None] = relationship(primaryjoin=join("Ticket", "assigned_to", "User", "user_id"))
    policy: Mapped["Policy | None"] = relationship(
        primaryjoin=join("Ticket", "sla_policy_id", "Policy", "policy_id")
    )
    comments: Mapped[list["Comment"]] = relationship(
        primaryjoin=join("Comment", "ticket_id", "Ticket", "ticket_id"),
        back_populates="ticket",
        order_by="Comment.created_at",
        passive_deletes="all",
    )
    clocks: Mapped[list["Clock"]] = relationship(
        primaryjoin=join("Clock", "ticket_id", "Ticket", "ticket_id"),
        order_by="(Clock.metric.desc(), Clock.cycle)",
        viewonly=True,
    )
    pauses: Mapped[list["Pause"]] = relationship(
        primaryjoin=join("Pause", "ticket_id", "Ticket", "ticket_id"),
        order_by="Pause.paused_at",
        viewonly=True,
    )


class Comment(Base):
    """A message on a ticket; the first public one of the staff is the response."""

    __tablename__ = "comments"
    __table_args__ = (
        names("ticket_id", "helpdesk.tickets.ticket_id", "CASCADE"),
        names("author_id", "helpdesk.users.user_id", "SET NULL (author_id)"),
        {"schema": "helpdesk"},
    )

    tenant_id: Mapped[TenantKey]
    comment_id: Mapped[NewKey]
    ticket_id: Mapped[UUID]
    author_id: Mapped[UUID | None]
    author_type: Mapped[str]
    is_internal: Mapped[bool] = mapped_column(server_default=filled())
    body: Mapped[str] = mapped_column(server_default=filled())
    created_at: Mapped[datetime] = mapped_column(server_default=filled())

    ticket: Mapped[Ticket] = relationship(
        primaryjoin=join("Comment", "ticket_id", "Ticket", "ticket_id"), back_populates="comments"
    )
    author: Mapped[User | None] = relationship(primaryjoin=join("Comment", "author_id", "User", "user_id"))


class TicketResource(Base):
    """Who else works on a ticket, and as what."""

    __tablename__ = "ticket_resources"
    __table_args__ = (
        names("ticket_id", "helpdesk.tickets.ticket_id", "CASCADE"),
        names("user_id", "helpdesk.users.user_id", "CASCADE"),
        {"schema": "helpdesk"},
    )

    tenant_id: Mapped[TenantKey]
    ticket_id: Mapped[Key]
    user_id: Mapped[Key]
    role: Mapped[str]
