"""What a policy file may say. Names of keys are those of the columns that they stand for.

Three rules hold throughout. A section or a key that the file leaves out is left alone in the database. What
it names becomes what it says, and its lists and tables (entries, holidays, targets, …) become exactly those.
Names that a section of the file does not list stay, unless they are to be removed.
"""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from slapg.policies.fields import Days, HolidayDate, Hours, LocalDate, Locale, Minutes, Seconds

Percent = Annotated[int, Field(ge=1, le=1000)]
Level = Annotated[int, Field(ge=1, le=3)]
Channels = Annotated[tuple[str, ...], Field(strict=False, description="How they are told: in_app, email, …")]
Names = Annotated[tuple[str, ...], Field(strict=False)]
Notified = Literal["assignee", "board_manager", "escalation_manager"]


def _keys(pattern: str) -> dict[str, Any]:
    """Numbers as keys: to a JSON Schema they are texts."""
    return {"propertyNames": {"pattern": f"^{pattern}$"}}


class Part(BaseModel):
    """Whole by itself: a key left out has its default."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    always: ClassVar[frozenset[str]] = frozenset()
    """Keys that are written out even where they have their default."""

    def plain(self) -> dict[str, Any]:
        """The shortest way to write it."""
        shown = self.model_dump(exclude_defaults=True)
        dumped = self.model_dump()
        return {key: dumped[key] for key in dumped if key in shown or key in self.always}


class Entry(Part):
    """Weekly opening hours; an end before its start lies on the next day."""

    days: Days
    hours: Hours
    valid_from: Annotated[LocalDate | None, Field(description="First local date on which it counts")] = None
    valid_to: Annotated[LocalDate | None, Field(description="Last local date, inclusive")] = None
    is_enabled: bool = True


class Holiday(Part):
    """A local date, or the given hours of it, without business time."""

    date: HolidayDate
    name: str
    hours: Annotated[Hours | None, Field(description="Closed in these hours; left out: the whole day")] = None


class Target(Part):
    """What a policy promises for a priority."""

    always: ClassVar[frozenset[str]] = frozenset({"escalation_percents"})

    response: Annotated[Minutes | None, Field(description="Business time to the first public reply")] = None
    resolution: Annotated[Minutes | None, Field(description="Business time to the closing")] = None
    escalation_percents: Annotated[
        tuple[Percent | None, ...],
        Field(strict=False, max_length=3, description="Of levels 1 to 3; null leaves one out"),
    ] = (70, 90, 110)
    is_24x7: Annotated[bool, Field(description="Counts every minute, whatever the schedule says")] = False


class Threshold(Part):
    """Who is told at a percent of the target, and how."""

    always: ClassVar[frozenset[str]] = frozenset({"notify", "channels"})

    notify: Annotated[tuple[Notified, ...], Field(strict=False)] = ("assignee",)
    channels: Channels = ("in_app",)


class EscalationManager(Part):
    """Who is brought in at an escalation level of a board."""

    always: ClassVar[frozenset[str]] = frozenset({"notify_via"})

    manager: Annotated[str, Field(description="E-mail address or name of a user")]
    notify_via: Channels = ("in_app", "email")


class Thing(BaseModel):
    """Has a name, or is the tenant's only one: a key left out is left alone."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def plain(self) -> dict[str, Any]:
        """All of its keys, as they are written."""
        dumped = self.model_dump()
        return {key: _plain(getattr(self, key), dumped[key]) for key in type(self).model_fields}


class Settings(Thing):
    """How the tenant wants its clocks to behave."""

    timezone: Annotated[str, Field(description="IANA time zone in which reports cut days")] = "UTC"
    pause_on_awaiting_client: bool = True
    close_completes_response: bool = True
    reopen_mode: Literal["continue", "restart", "ignore"] = "continue"
    at_risk_percent: Annotated[int, Field(ge=1, le=100)] = 75
    import_after: Annotated[Seconds, Field(description="Older tickets are imports")] = Decimal(24 * 60 * 60)
    digest_after: Annotated[
        int | None,
        Field(ge=1, le=32767, description="More messages to one person become a digest; null: never"),
    ] = 10
    locale: Annotated[Locale, Field(description="Language of messages")] = "en"


class Priority(Thing):
    """A priority of tickets."""

    rank: Annotated[int, Field(description="Order in lists, the most urgent first")] = 0
    itil_level: Annotated[int | None, Field(ge=1, le=5)] = None


class Schedule(Thing):
    """Business hours."""

    timezone: Annotated[str, Field(description="IANA time zone such as Europe/Amsterdam")] = "UTC"
    is_default: bool = False
    is_24x7: bool = False
    entries: Annotated[tuple[Entry, ...], Field(strict=False)] = ()
    holidays: Annotated[tuple[Holiday, ...], Field(strict=False)] = ()


class Policy(Thing):
    """What is promised."""

    description: str | None = None
    is_default: bool = False
    schedule: Annotated[str | None, Field(description="null: the default schedule, else 24x7")] = None
    targets: Annotated[dict[str, Target], Field(description="By priority")] = {}
    thresholds: Annotated[
        dict[Percent, Threshold],
        Field(description="By percent of the target", json_schema_extra=_keys("([1-9][0-9]{0,2}|1000)")),
    ] = {}


class Board(Thing):
    """What holds for the tickets of a board, which must exist."""

    policy: str | None = None
    manager: Annotated[str | None, Field(description="E-mail address or name of a user")] = None
    escalation_managers: Annotated[
        dict[Level, EscalationManager], Field(description="By level", json_schema_extra=_keys("[1-3]"))
    ] = {}
    pausing_statuses: Annotated[Names, Field(description="Statuses of this board that pause")] = ()


class Client(Thing):
    """What holds for the tickets of a client, which must exist."""

    policy: str | None = None


class File(BaseModel):
    """The SLA configuration of a tenant."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, title="slapg policy file")

    settings: Settings = Settings()
    priorities: dict[str, Priority] = {}
    schedules: dict[str, Schedule] = {}
    holidays: Annotated[tuple[Holiday, ...], Field(strict=False, description="Of every schedule")] = ()
    policies: dict[str, Policy] = {}
    pausing_statuses: Annotated[Names, Field(description="Statuses without a board that pause")] = ()
    boards: dict[str, Board] = {}
    clients: dict[str, Client] = {}

    def plain(self) -> dict[str, Any]:
        """The whole file, as it is written."""
        dumped = self.model_dump()
        return {key: _plain(getattr(self, key), dumped[key]) for key in type(self).model_fields}


def _plain(value: Any, dumped: Any) -> Any:
    """Models say for themselves how they are written; of the rest, what the field's type says."""
    if isinstance(value, Part | Thing):
        return value.plain()
    if isinstance(value, dict):
        return {key: _plain(item, dumped[key]) for key, item in value.items()}
    if isinstance(value, tuple) and isinstance(dumped, tuple | list):
        return [_plain(item, dumped[place]) for place, item in enumerate(value)]
    return dumped
