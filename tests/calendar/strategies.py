"""Random calendars around dates on which clocks change, and instants near them."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from tests.oracle.business_time import Calendar, Entry, Holiday

MINUTES_A_WEEK = 7 * 1440

# Where and when clocks do what few people expect.
CHANGES = [
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("Europe/London", date(2024, 10, 27)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),  # by half an hour
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that never was
    ("Pacific/Kwajalein", date(1993, 8, 21)),  # another
    ("America/Santiago", date(2024, 9, 8)),  # no midnight
    ("America/Santiago", date(2024, 4, 7)),  # the last hour of Saturday twice
    ("Asia/Beirut", date(2024, 3, 31)),  # no midnight
    ("America/Havana", date(2024, 11, 3)),  # midnight twice
    ("Africa/Casablanca", date(2024, 3, 10)),  # winter time in Ramadan
    ("Antarctica/Troll", date(2024, 3, 31)),  # by two hours
    ("Asia/Pyongyang", date(2015, 8, 15)),  # back by half an hour, at midnight
    ("Asia/Kolkata", date(2024, 2, 29)),
    ("UTC", date(2024, 12, 31)),
    # where two of the engine's pages meet: 364 x 54 days after the epoch
    ("Pacific/Kiritimati", date(2023, 10, 26)),
    ("Pacific/Pago_Pago", date(2023, 10, 26)),
]

times_of_day = st.one_of(
    st.sampled_from([0, 60, 90, 120, 135, 150, 180, 510, 540, 1020, 1380, 1439]), st.integers(0, 1439)
)


@st.composite
def entries(draw: st.DrawFn, around: date) -> tuple[Entry, ...]:
    """Weekly entries that may touch but not overlap; some cross midnight, some are valid for a while."""
    kept: list[tuple[int, int]] = []
    found: list[Entry] = []
    for _ in range(draw(st.integers(1, 8))):
        day, start = draw(st.integers(0, 6)), draw(times_of_day)
        length = draw(st.one_of(st.sampled_from([30, 60, 480, 1439]), st.integers(1, 1439)))
        if draw(st.integers(0, 5)) == 0:
            start, length = 0, 1440
        if any(_meet((day * 1440 + start, length), other) for other in kept):
            continue
        kept.append((day * 1440 + start, length))
        found.append(draw(_entry(day, start, start + length, around)))
    return tuple(found)


@st.composite
def _entry(draw: st.DrawFn, day: int, start: int, end: int, around: date) -> Entry:
    if end > 1440 or (end == 1440 and start > 0 and draw(st.booleans())):
        end -= 1440  # 00:00 of the next day is as good an end as 24:00
    valid_from = valid_to = None
    if draw(st.integers(0, 3)) == 0:
        valid_from = around + timedelta(days=draw(st.integers(-20, 10)))
    if draw(st.integers(0, 3)) == 0:
        valid_to = max(around + timedelta(days=draw(st.integers(-5, 400))), valid_from or date.min)
    return Entry(day, timedelta(minutes=start), timedelta(minutes=end), valid_from, valid_to)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return (other[0] - one[0]) % MINUTES_A_WEEK < one[1] or (one[0] - other[0]) % MINUTES_A_WEEK < other[1]


@st.composite
def holidays(draw: st.DrawFn, around: date) -> Holiday:
    """A closure within days of the change: of a date or a part of it, once or every year."""
    day = around + timedelta(days=draw(st.integers(-3, 9)))
    if draw(st.booleans()):
        return Holiday(day, draw(st.booleans()))
    start, end = sorted(draw(st.lists(times_of_day, min_size=2, max_size=2, unique=True)))
    end = draw(st.sampled_from([end, 1440]))
    return Holiday(day, draw(st.booleans()), timedelta(minutes=start), timedelta(minutes=end))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """A calendar and the date around which it is interesting."""
    timezone, around = draw(st.sampled_from(CHANGES))
    closed = draw(st.lists(holidays(around), max_size=3, unique_by=lambda holiday: holiday.day))
    return Calendar(timezone, draw(entries(around)), tuple(closed)), around


@st.composite
def instants(draw: st.DrawFn, around: date) -> datetime:
    """Within a fortnight of the date; on a minute or between two."""
    midnight = datetime.combine(around, time(), UTC)
    minutes = draw(st.one_of(st.integers(-1800, 3600), st.integers(-9000, 20000)))
    return (
        midnight
        + timedelta(minutes=minutes)
        + timedelta(microseconds=draw(st.sampled_from([0, 0, 1, 59_999_999])))
    )


amounts = st.one_of(
    st.integers(-3000, 3000).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(-(10**11), 10**11).map(lambda microseconds: timedelta(microseconds=microseconds)),
    st.sampled_from([timedelta(0), timedelta(hours=100), timedelta(hours=-100), timedelta(microseconds=1)]),
)
