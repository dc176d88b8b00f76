-- What a calendar is and how business time is counted in it: the only copy of the algorithm. Instants and durations
-- are integers: microseconds (since 1970 UTC).
--
-- A calendar is compiled lazily in pages of 364 days. A page holds its open intervals and the business time
-- before each, so a sum is one bisection, and a long target hops over page totals.
create or replace function sla._load_calendar_model() returns void
language plpython3u volatile parallel unsafe security invoker
as $$
from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

SECOND = 1_000_000
DAY = 86_400 * SECOND
PAGE = 364 * DAY
TEN_YEARS = 3653 * DAY
MAX_SPAN = 2**53  # 285 years: as far as SQL makes an exact interval in one float8 product, and as far as is searched
UNIX_DAY = date(1970, 1, 1).toordinal()
MARGIN = 4  # days around a page whose entries may reach into it: offsets, nights, and dates that a zone skips
FIRST_PAGE = (date(2, 1, 1).toordinal() - UNIX_DAY) * DAY // PAGE + 1
LAST_PAGE = (date(9999, 1, 1).toordinal() - UNIX_DAY) * DAY // PAGE - 1
EARLIEST, LATEST = FIRST_PAGE * PAGE, (LAST_PAGE + 1) * PAGE
MAX_PAGES = 32


class OutOfRange(Exception):
    """An instant outside the years that Python's dates reach, or a span longer than MAX_SPAN."""


def micros(text):
    """Microseconds after midnight of '09:30:00', '24:00:00' or '09:30:00.5'."""
    hours, minutes, seconds = text.split(":")
    whole, _, fraction = seconds.partition(".")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * SECOND + int(fraction.ljust(6, "0") or 0)


def ordinal(text, default):
    return default if text is None else date.fromisoformat(text).toordinal()


def union(intervals):
    """Sorted and disjoint; what touches becomes one."""
    merged = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1][1] = end
        else:
            merged.append([start, end])
    return merged


def subtract(intervals, holes):
    """Intervals without holes; both sorted and disjoint."""
    kept, first = [], 0
    for start, end in intervals:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        index = first
        while index < len(holes) and holes[index][0] < end:
            if holes[index][0] > start:
                kept.append((start, holes[index][0]))
            start = holes[index][1]
            index += 1
        if start < end:
            kept.append((start, end))
    return kept


class Page:
    """Open intervals of 364 days; before[i] = business time of the page before starts[i]."""

    __slots__ = ("starts", "ends", "before", "closed", "total")

    def __init__(self, intervals):
        self.starts = [start for start, _ in intervals]
        self.ends = [end for _, end in intervals]
        self.before = []
        self.closed = []  # starts[i] - before[i]: what turns business time of the page into an instant
        self.total = 0
        for start, end in intervals:
            self.before.append(self.total)
            self.closed.append(start - self.total)
            self.total += end - start

    def position(self, at):
        """Business time of the page before `at`."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        end = self.ends[index]
        return self.before[index] + (at if at < end else end) - self.starts[index]


class LocalDays:
    """Turns local dates and times around one page into instants."""

    def __init__(self, zone, first, last):
        self.zone = zone
        self.first = first
        # A day whose two midnights share an offset has no change inside; only the others are looked up by the time.
        self.offsets = [self.offset(day, 0) for day in range(first, last + 2)]

    def offset(self, day, at):
        # fold = 0: the first of two occurrences; in a gap, the offset before it (RFC 5545 §3.3.5)
        moment = datetime.fromordinal(day).replace(tzinfo=self.zone)
        if at:
            moment += timedelta(microseconds=at)
        offset = moment.utcoffset()
        return offset.days * DAY + offset.seconds * SECOND + offset.microseconds

    def instant(self, day, at):
        if at == DAY:
            day, at = day + 1, 0
        index = day - self.first
        offset = self.offsets[index]
        if offset != self.offsets[index + 1]:
            offset = self.offset(day, at)
        return (day - UNIX_DAY) * DAY + at - offset


class Calendar:
    """Weekly entries clipped by holidays, in one time zone (semantics §1)."""

    def __init__(self, definition):
        self.zone = ZoneInfo(definition["timezone"])
        self.entries = [[] for _ in range(7)]
        for entry in definition["entries"]:
            start, end = micros(entry["start_time"]), micros(entry["end_time"])
            self.entries[entry["day_of_week"]].append((
                start, end, 1 if end < start else 0,
                ordinal(entry["valid_from"], 0), ordinal(entry["valid_to"], LATEST)))
        self.holidays, self.recurring = [], []
        for holiday in definition["holidays"]:
            day = date.fromisoformat(holiday["holiday_date"])
            start = 0 if holiday["start_time"] is None else micros(holiday["start_time"])
            end = DAY if holiday["end_time"] is None else micros(holiday["end_time"])
            if holiday["is_recurring"]:
                self.recurring.append((day.month, day.day, start, end))
            else:
                self.holidays.append((day.toordinal(), start, end))
        self.pages = {}

    def page(self, number):
        """Compiles a page that is not in `pages`, where the oldest makes room."""
        if not FIRST_PAGE <= number <= LAST_PAGE:
            raise OutOfRange
        if len(self.pages) >= MAX_PAGES:
            del self.pages[next(iter(self.pages))]
        page = self.pages[number] = self.compile(number * PAGE, (number + 1) * PAGE)
        return page

    def compile(self, low, high):
        first, last = UNIX_DAY + low // DAY - MARGIN, UNIX_DAY + high // DAY + MARGIN
        days = LocalDays(self.zone, first, last + 1)
        opened = []
        for day in range(first, last):
            for start, end, next_day, valid_from, valid_to in self.entries[day % 7]:
                if valid_from <= day <= valid_to:
                    opens, closes = days.instant(day, start), days.instant(day + next_day, end)
                    if opens < closes:  # a change of offset can turn an interval inside out
                        opened.append((opens, closes))
        intervals = subtract(union(opened), union(self.closures(days, first, last)))
        return Page([(max(a, low), min(b, high)) for a, b in intervals if a < high and b > low])

    def closures(self, days, first, last):
        dated = [holiday for holiday in self.holidays if first <= holiday[0] < last]
        for year in range(date.fromordinal(first).year, date.fromordinal(last).year + 1):
            for month, day, start, end in self.recurring:
                if (month, day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
                    number = date(year, month, day).toordinal()
                    if first <= number < last:
                        dated.append((number, start, end))
        spans = ((days.instant(day, start), days.instant(day, end)) for day, start, end in dated)
        return [(start, end) for start, end in spans if start < end]

    def between(self, start, end):
        if end < start:
            return -self.between(end, start)
        if end - start > MAX_SPAN:
            raise OutOfRange
        first, last = start // PAGE, end // PAGE
        pages = self.pages
        elapsed = -(pages.get(first) or self.page(first)).position(start)
        for number in range(first, last):
            elapsed += (pages.get(number) or self.page(number)).total
        return elapsed + (pages.get(last) or self.page(last)).position(end)

    def add(self, start, amount):
        """The instant that lies `amount` of business time after `start`; None when ten years pass without opening."""
        if not amount:
            return start
        at = self.forward(start, amount) if amount > 0 else self.backward(start, -amount)
        if at is not None and abs(at - start) > MAX_SPAN:
            raise OutOfRange
        return at

    def forward(self, start, amount):
        number = start // PAGE
        page = self.pages.get(number) or self.page(number)
        target = page.position(start) + amount
        if target > page.total:
            last = max(start, page.ends[-1]) if page.ends else start
            furthest = (start + MAX_SPAN) // PAGE
            pages = self.pages
            while target > page.total:
                target -= page.total
                number += 1
                if number > furthest:
                    raise OutOfRange
                page = pages.get(number) or self.page(number)
                if page.total:
                    if page.starts[0] - last > TEN_YEARS:
                        return None
                    last = page.ends[-1]
                elif (number + 1) * PAGE - last > TEN_YEARS:
                    return None
        return target + page.closed[bisect_left(page.before, target) - 1]

    def offsets(self, start, amounts):
        """add(start, amount) - start of each amount, None when one of them has no answer; the start is looked up once."""
        number = start // PAGE
        page = self.pages.get(number) or self.page(number)
        before, closed, total, position = page.before, page.closed, page.total, page.position(start)
        found = []
        for amount in amounts:
            target = position + amount
            if 0 < amount and target <= total:
                found.append(target + closed[bisect_left(before, target) - 1] - start)
            else:
                at = self.add(start, amount)
                if at is None:
                    return None
                found.append(at - start)
        return found

    def backward(self, start, amount):
        number = start // PAGE
        page = self.pages.get(number) or self.page(number)
        target = page.position(start) - amount
        if target < 0:
            last = min(start, page.starts[0]) if page.starts else start
            furthest = (start - MAX_SPAN) // PAGE
            pages = self.pages
            while target < 0:
                number -= 1
                if number < furthest:
                    raise OutOfRange
                page = pages.get(number) or self.page(number)
                target += page.total
                if page.total:
                    if last - page.ends[-1] > TEN_YEARS:
                        return None
                    last = page.starts[0]
                elif last - number * PAGE > TEN_YEARS:
                    return None
        return target + page.closed[bisect_right(page.before, target) - 1]

    def next_open(self, at):
        number = at // PAGE
        page = self.pages.get(number) or self.page(number)
        index = bisect_right(page.starts, at)
        if index and at < page.ends[index - 1]:
            return at
        while index == len(page.starts):
            number += 1
            page = self.pages.get(number) or self.page(number)
            index = 0
            if (page.starts[0] if page.starts else (number + 1) * PAGE) - at > TEN_YEARS:
                return None
        return page.starts[index]

    def intervals(self, start, end):
        """Open intervals of [start, end), clipped; yields disjoint ones that do not touch."""
        held = None
        for number in range(start // PAGE, (end - 1) // PAGE + 1) if start < end else ():
            page = self.pages.get(number) or self.page(number)
            for index in range(max(bisect_right(page.starts, start) - 1, 0), bisect_left(page.starts, end)):
                opens, closes = max(page.starts[index], start), min(page.ends[index], end)
                if opens >= closes:
                    continue
                if held and held[1] == opens:
                    held = (held[0], closes)
                    continue
                if held:
                    yield held
                held = (opens, closes)
        if held:
            yield held


GD["slapg_calendar_model"] = SimpleNamespace(
    Calendar=Calendar, OutOfRange=OutOfRange, EARLIEST=EARLIEST, LATEST=LATEST, MAX_SPAN=MAX_SPAN)
$$;
comment on function sla._load_calendar_model() is
    'Loads the business-time algorithm into this connection''s PL/Python dictionary (GD) for sla._load_calendar_engine.';
