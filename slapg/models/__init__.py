"""The tables and views of slapg for SQLAlchemy: for applications that write tickets and read clocks.

The models describe the schema that `slapg migrate` makes and hold no rule: clocks, due dates and escalations
follow from what is written, by triggers.  A column that the database fills may be left out; it is read back.
Internal tables (compiled terms, edits under way, who may act for which tenant) have no model.
"""

from slapg.models import views
from slapg.models.base import Base, LocalTime
from slapg.models.delivery import Channel, MessageTemplate, RecipientPreference
from slapg.models.helpdesk import (
    Board,
    Client,
    Comment,
    Priority,
    Status,
    Tenant,
    Ticket,
    TicketResource,
    User,
)
from slapg.models.policies import (
    ConfigurationChange,
    EscalationManager,
    NotificationThreshold,
    Policy,
    PolicyTarget,
    Settings,
    StatusPauseConfig,
)
from slapg.models.schedules import Calendar, Holiday, Schedule, ScheduleEntry
from slapg.models.tracking import (
    AuditEntry,
    Clock,
    Notification,
    Pause,
    SweepError,
    SweepRun,
    ThresholdEvent,
)

__all__ = [
    "AuditEntry",
    "Base",
    "Board",
    "Calendar",
    "Channel",
    "Client",
    "Clock",
    "Comment",
    "ConfigurationChange",
    "EscalationManager",
    "Holiday",
    "LocalTime",
    "MessageTemplate",
    "Notification",
    "NotificationThreshold",
    "Pause",
    "Policy",
    "PolicyTarget",
    "Priority",
    "RecipientPreference",
    "Schedule",
    "ScheduleEntry",
    "Settings",
    "Status",
    "StatusPauseConfig",
    "SweepError",
    "SweepRun",
    "Tenant",
    "ThresholdEvent",
    "Ticket",
    "TicketResource",
    "User",
    "views",
]
