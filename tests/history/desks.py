"""A small service desk with every kind of promise, and the strategies that vary it."""

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.oracle.business_time import Entry, Holiday
from tests.oracle.desk import Calendar, Desk, Policy, Settings, Status, Target

WEEKDAYS = (1, 2, 3, 4, 5)
EVERY_DAY = tuple(range(7))
HOLIDAYS = (
    Holiday(date(2024, 3, 29)),
    Holiday(date(2024, 4, 1)),
    Holiday(date(2000, 12, 25), is_recurring=True),
    Holiday(date(2024, 10, 28), start=timedelta(hours=12), end=timedelta(hours=15)),
)


def week(*shifts: tuple[float, float], days: tuple[int, ...] = WEEKDAYS) -> tuple[Entry, ...]:
    """The same shifts, in hours after midnight, on several days."""
    return tuple(
        Entry(day, timedelta(hours=opens), timedelta(hours=closes))
        for day in days
        for opens, closes in shifts
    )


OFFICE = Calendar("Europe/Amsterdam", week((9, 12.5), (13, 17.5)), HOLIDAYS, name="OFFICE")
NO_LUNCH = Calendar("Europe/Amsterdam", week((8, 18)), HOLIDAYS, name="NO_LUNCH")
STRIKE = Calendar("Europe/Amsterdam", OFFICE.entries, (*HOLIDAYS, Holiday(date(2024, 4, 2))), name="STRIKE")
NIGHTS = Calendar("America/New_York", week((1, 6), (9, 24), days=EVERY_DAY), name="NIGHTS")
SHIFTS = Calendar("America/New_York", week((22, 6), days=EVERY_DAY), name="SHIFTS")
OFFICE_HOURS = (OFFICE, NO_LUNCH, STRIKE, NIGHTS, SHIFTS)

TARGETS = (
    Target(30, 240),
    Target(60, 480),
    Target(15, 1440, (60, None, 110)),
    Target(None, 600),
    Target(120, None),
    Target(45, 300, (None, None, None), is_24x7=True),
)
THRESHOLDS = (frozenset({50, 75, 100}), frozenset({50}), frozenset[int](), frozenset({25, 80, 120, 150}))

PRIORITIES = ("high", "normal", "low", "someday")
POLICIES = ("gold", "silver", "bronze")
STATUSES = {
    "new": Status(),
    "work": Status(),
    "waiting": Status(pauses=True),
    "closed": Status(is_closed=True),
    "binned": Status(is_closed=True, pauses=True),
}


def desk(**changes: object) -> Desk:
    """The desk that examples start from."""
    policies = {
        "gold": Policy(
            {"high": Target(30, 240), "normal": Target(60, 480), "low": Target(None, 1440)},
            frozenset({50, 75, 100}),
            "office",
        ),
        "silver": Policy(
            {"high": Target(60, 480, (60, None, 110)), "normal": Target(240, 960), "low": Target(120, None)},
            frozenset({25, 80, 120}),
            "always",
        ),
        "bronze": Policy(
            {"high": Target(45, 300, (None, None, None), is_24x7=True), "normal": Target(90, 600)},
        ),
    }
    made = Desk(
        policies=policies,
        statuses=dict(STATUSES),
        schedules={"office": OFFICE, "always": None, "default": NIGHTS},
        clients={"acme": "silver", "zenith": None},
        boards={"desk": "gold", "lab": None},
        priorities=PRIORITIES,
        default_schedule="default",
        settings=Settings(),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def desks() -> st.SearchStrategy[Desk]:
    """The same desk with other settings and defaults."""
    settings = st.builds(
        Settings,
        pause_on_awaiting_client=st.sampled_from([True, False]),
        close_completes_response=st.sampled_from([True, False]),
        reopen_mode=st.sampled_from(["continue", "restart", "ignore"]),
        import_after=st.sampled_from([timedelta(hours=24), timedelta(0), timedelta(hours=3)]),
    )
    return st.builds(
        desk,
        settings=settings,
        default_policy=st.sampled_from([None, "bronze"]),
        default_schedule=st.sampled_from(["default", None]),
    )
