"""Two time zone databases: PostgreSQL's, and that of the server's Python, which business time uses."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from slapg.doctor.finding import Finding, fail, ok, warn
from slapg.migrations.naming import Database

SAMPLE = (
    "UTC",
    "Europe/Amsterdam",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Moscow",
    "Europe/Istanbul",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Mexico_City",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Tehran",
    "Asia/Amman",
    "Asia/Gaza",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
)
YEARS = range(1995, 2038)

# Lives in the temporary schema of a transaction that is rolled back.
_OFFSETS = """
create function pg_temp.python_offsets(p_zones text[], p_instants bigint[]) returns bigint[]
language plpython3u as $$
from datetime import datetime, timezone
from zoneinfo import ZoneInfo
offsets = []
for name in p_zones:
    try:
        zone = ZoneInfo(name)
    except Exception:
        offsets.extend([None] * len(p_instants))
        continue
    for at in p_instants:
        local = datetime.fromtimestamp(at, timezone.utc).astimezone(zone)
        offsets.append(int(local.utcoffset().total_seconds()))
return offsets
$$;
"""


def check_time_zones(raw: Database) -> Iterator[Finding]:
    """Compare the offsets from UTC of zones in use and of a sample, on the 1st and 15th of each month.

    Needs a superuser, who may write PL/Python.
    """
    used = [zone for (zone,) in raw.execute("select distinct timezone from sla.schedules order by 1")]
    zones = list(dict.fromkeys([*used, *SAMPLE]))
    instants = [
        int(datetime(year, month, day, 12, tzinfo=UTC).timestamp())
        for year in YEARS
        for month in range(1, 13)
        for day in (1, 15)
    ]
    python, postgres = _offsets(raw, zones, instants)
    yield from _compare(zones, set(used), instants, python, postgres)


def _offsets(
    raw: Database, zones: Sequence[str], instants: Sequence[int]
) -> tuple[list[int | None], list[int | None]]:
    """The offsets in seconds, zone by zone and instant by instant, of Python and of PostgreSQL."""
    with raw.transaction(force_rollback=True):
        raw.execute(_OFFSETS.encode())
        row = raw.execute("select pg_temp.python_offsets(%s, %s)", [zones, instants]).fetchone()
        rows = raw.execute(
            """
            select case when t.name is not null then extract(epoch from
                (pg_catalog.to_timestamp(i.at) at time zone z.name)
                - (pg_catalog.to_timestamp(i.at) at time zone 'UTC'))::bigint end
            from pg_catalog.unnest(%s::text[]) with ordinality as z (name, number)
            cross join pg_catalog.unnest(%s::bigint[]) with ordinality as i (at, number)
            left join pg_catalog.pg_timezone_names as t on t.name = z.name
            order by z.number, i.number
            """,
            [zones, instants],
        ).fetchall()
    return (row[0] if row else []), [offset for (offset,) in rows]


def _compare(
    zones: Sequence[str],
    used: set[str],
    instants: Sequence[int],
    python: Sequence[int | None],
    postgres: Sequence[int | None],
) -> Iterator[Finding]:
    sick: dict[str, str] = {}
    for number, (one, other) in enumerate(zip(python, postgres, strict=True)):
        zone, instant = zones[number // len(instants)], instants[number % len(instants)]
        if one != other:
            lacks = "Python" if one is None else "PostgreSQL" if other is None else None
            day = datetime.fromtimestamp(instant, UTC).date()
            sick.setdefault(zone, f"{lacks} does not know it" if lacks else f"they differ on {day}")
    if not sick:
        yield ok("time zones", f"PostgreSQL and its Python agree on {len(zones)} zones")
    for zone, how in sick.items():
        report = fail if zone in used else warn
        mend = "sudo apt-get install --only-upgrade tzdata, and restart the server"
        yield report("time zones", f"PostgreSQL and its Python disagree on {zone}: {how}", mend)
