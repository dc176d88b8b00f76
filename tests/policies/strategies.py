"""Policy files that a database takes, with the strangest names."""

from typing import Any

from hypothesis import strategies as st

from slapg.policies.fields import WEEK, days_words

# Everything that PostgreSQL stores as text and YAML must not trip over.
names = st.one_of(
    st.sampled_from(
        ["yes", "null", "1860", "1.5", "2026-01-01", "<<", "~", "a: b", "# x", " x ", "é", "🎄", "'"]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20),
)
channels = st.lists(st.one_of(st.sampled_from(["in_app", "email"]), names), min_size=1, max_size=3)
days = st.sets(st.sampled_from(WEEK), min_size=1).map(lambda found: days_words(tuple(sorted(found))))


def clock(minutes: int) -> str:
    """Minutes after midnight as a local time."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def hours(draw: st.DrawFn) -> str:
    """Intervals of one day that do not overlap."""
    points = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=4)))
    pairs = zip(points[0::2], points[1::2], strict=False)
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in pairs)


@st.composite
def entries(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Each year has hours of its own, so that entries never overlap."""
    found = []
    for year in draw(st.sets(st.integers(2000, 2030), max_size=3)):
        found.append(
            {
                "days": draw(days),
                "hours": draw(hours()),
                "valid_from": f"{year}-01-01",
                "valid_to": f"{year}-12-31",
                "is_enabled": draw(st.booleans()),
            }
        )
    return found


holidays = st.lists(
    st.fixed_dictionaries(
        {
            "date": st.one_of(
                st.dates().map(lambda day: day.isoformat()), st.dates().map(lambda day: f"{day:%m-%d}")
            ),
            "name": names,
        },
        optional={"hours": hours()},
    ),
    max_size=4,
)
minutes = st.integers(1, 20_000).map(lambda found: f"{found // 60}h {found % 60}m")


@st.composite
def targets(draw: st.DrawFn) -> dict[str, Any]:
    """What a policy promises for one priority."""
    percents = sorted(draw(st.sets(st.integers(1, 1000), max_size=3)))
    if percents and draw(st.booleans()):
        percents = [None, *percents[1:]]  # type: ignore[list-item]
    found: dict[str, Any] = {"escalation_percents": percents, "is_24x7": draw(st.booleans())}
    for metric in draw(st.sets(st.sampled_from(["response", "resolution"]))):
        found[metric] = draw(minutes)
    return found


def default_of(draw: st.DrawFn, things: dict[str, dict[str, Any]]) -> None:
    """Make at most one of them the default."""
    chosen = draw(st.sampled_from([None, *things]))
    for name, thing in things.items():
        thing["is_default"] = name == chosen


def references(known: list[Any]) -> st.SearchStrategy[Any]:
    """One of the names, or none."""
    return st.sampled_from([None, *known])


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """A whole file; boards, clients, users and statuses are those of `conftest.PEOPLE`."""
    priorities = {
        name: {"rank": draw(st.integers(-5, 5)), "itil_level": draw(st.sampled_from([None, 1, 5]))}
        for name in draw(st.sets(names, max_size=3))
    }
    schedules = {
        name: {
            "timezone": draw(st.sampled_from(["UTC", "Europe/Amsterdam", "America/New_York"])),
            "is_24x7": draw(st.booleans()),
            "entries": draw(entries()),
            "holidays": draw(holidays),
        }
        for name in draw(st.sets(names, max_size=3))
    }
    default_of(draw, schedules)
    policies: dict[str, Any] = {
        name: {
            "description": draw(st.one_of(st.none(), names)),
            "schedule": draw(references(list(schedules))),
            "targets": {priority: draw(targets()) for priority in priorities if draw(st.booleans())},
            "thresholds": {
                percent: {
                    "notify": sorted(draw(st.sets(st.sampled_from(["assignee", "board_manager"])))),
                    "channels": draw(channels),
                }
                for percent in draw(st.sets(st.integers(1, 1000), max_size=3))
            },
        }
        for name in draw(st.sets(names, max_size=3))
    }
    default_of(draw, policies)
    users = references(["Bea", "eva@example.com", "leo@example.com"])
    boards = {
        name: {
            "policy": draw(references(list(policies))),
            "manager": draw(users),
            "escalation_managers": {
                level: {"manager": "Leo", "notify_via": draw(channels)} for level in draw(st.sets(st.just(2)))
            },
            "pausing_statuses": sorted(draw(st.sets(st.sampled_from(known)))) if known else [],
        }
        for name, known in {"Desk": [], "Lab": ["Waiting", "Parts"]}.items()
    }
    return {
        "settings": {
            "timezone": "Europe/Amsterdam",
            "at_risk_percent": draw(st.integers(1, 100)),
            "import_after": draw(st.sampled_from(["0m", "24h", "1h 30m", "90s", "1h 0.5s", "0.000001s"])),
            "digest_after": draw(st.sampled_from([None, 1, 10, 32767])),
            "locale": draw(st.sampled_from(["en", "de", "pt_BR", "zh_Hant_TW"])),
        },
        "priorities": priorities,
        "schedules": schedules,
        "holidays": draw(holidays),
        "policies": policies,
        "pausing_statuses": draw(st.sampled_from([[], ["New"], ["Waiting", "New"]])),
        "boards": boards,
        "clients": {name: {"policy": draw(references(list(policies)))} for name in ("Acme", "Zenith")},
    }
