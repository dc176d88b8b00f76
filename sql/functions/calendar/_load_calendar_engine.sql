-- PL/Python functions cannot import from one another; this one puts what they share into GD, where they find it:
-- the calendars that this connection has compiled, and the questions that are asked of them.
create or replace function sla._load_calendar_engine() returns void
language plpython3u volatile parallel unsafe security invoker
as $$
from collections import OrderedDict
from json import loads
from time import monotonic
from types import SimpleNamespace

MAX_CALENDARS = 32
LOOK_AGAIN_SECONDS = 60

plpy.execute("select sla._load_calendar_model()")
model = GD["slapg_calendar_model"]
OutOfRange = model.OutOfRange


class AlwaysOpen:
    """24x7: business time is time."""

    def between(self, start, end):
        if abs(end - start) > model.MAX_SPAN:
            raise OutOfRange
        return self.next_open(end) - self.next_open(start)

    def add(self, start, amount):
        if abs(amount) > model.MAX_SPAN:
            raise OutOfRange
        return self.next_open(start + amount)

    def offsets(self, start, amounts):
        return [self.add(start, amount) - start for amount in amounts]

    def next_open(self, at):
        if not model.EARLIEST <= at < model.LATEST:
            raise OutOfRange
        return at

    def intervals(self, start, end):
        if start < end:
            yield start, end


def build(definition_text):
    definition = loads(definition_text)
    return ALWAYS_OPEN if definition["is_24x7"] else model.Calendar(definition)


ALWAYS_OPEN = AlwaysOpen()
calendars = OrderedDict()
schedules = {}
schedules_asked = None
definition_of = plpy.prepare("select definition::text as definition from sla.calendars where calendar_id = $1", ["bigint"])


def definition(number):
    rows = plpy.execute(definition_of, [number])
    if not rows:
        raise LookupError("calendar %s does not exist" % number)
    return rows[0]["definition"]


loaders = plpy.prepare(
    "select pg_catalog.string_agg(p.xmin::text, ' ' order by p.oid) as versions from pg_catalog.pg_proc p"
    " where p.pronamespace = 'sla'::regnamespace and pg_catalog.starts_with(p.proname::text, '_load_')")
made_of = plpy.execute(loaders)[0]["versions"]
look_again_at = monotonic() + LOOK_AGAIN_SECONDS


def give_way():
    """After an upgrade, forget all that this connection has loaded: the next call loads the new version.

    PostgreSQL replaces functions in open connections, but it knows nothing of what they keep in GD.
    """
    nonlocal look_again_at
    look_again_at = monotonic() + LOOK_AGAIN_SECONDS
    if plpy.execute(loaders)[0]["versions"] != made_of:
        for name in [name for name in GD if name.startswith("slapg_")]:
            del GD[name]


def calendar(number):
    """The compiled calendar of that number (None = 24x7). Raises when it does not exist or cannot be used.

    Numbers are never reused and definitions never change, so what is kept cannot be stale;
    a number that this snapshot does not see is not remembered.
    """
    if monotonic() >= look_again_at:
        give_way()
    if number is None:
        return ALWAYS_OPEN
    found = calendars.get(number)
    if found is None:
        found = build(definition(number))
        while len(calendars) >= MAX_CALENDARS:
            calendars.popitem(last=False)
        calendars[number] = found
    else:
        calendars.move_to_end(number)
    return found


def usable(number):
    """The compiled calendar, or None for one that cannot be used: ticket triggers must not fail because of it."""
    try:
        return calendar(number)
    except plpy.SPIError:
        raise
    except Exception:
        return None


def instant(found, start, amount):
    try:
        return found.add(start, amount) if amount is not None else None
    except OutOfRange:
        return None


def offsets(number, start, amounts):
    """How long after `start` each amount of business time has passed; None when one of them cannot be said."""
    found = usable(number)
    try:
        return found.offsets(start, amounts) if found and None not in amounts else None
    except OutOfRange:
        return None


def intervals(found, start, end):
    """Open intervals of [start, end); none where the calendar cannot be used or the span is out of range."""
    if found is None or start < model.EARLIEST or end >= model.LATEST or end - start > model.MAX_SPAN:
        return ()
    return found.intervals(start, end)


def runs_elapsed(found, starts, ends):
    """Business time in each run; None for an endless one."""
    return [None if end is None else found.between(start, end) for start, end in zip(starts, ends)]


def instant_over(found, starts, lengths, amount):
    """The earliest instant at which the business time inside the runs reaches `amount`."""
    if amount is None or amount < 0 or not starts:
        return None
    for start, length in zip(starts, lengths):
        if length is None or amount <= length:
            return instant(found, start, amount)
        amount -= length
    return None


published = plpy.prepare(
    "select s.calendar_id,"
    " case when s.calendar_id is null then sla._calendar_definition(s.tenant_id, s.schedule_id)::text end as unpublished"
    " from sla.schedules s where s.tenant_id = helpdesk.current_tenant() and s.schedule_id = $1", ["uuid"])


def scheduled(schedule_id, tenant, snapshot, statement):
    """The compiled calendar of the current tenant's schedule as this snapshot sees it; None when it cannot be used.

    The answer is kept for one tenant, snapshot and client statement: another transaction's commit changes
    the snapshot, this one's publishing calls sla._forget_schedules. A schedule not yet published is read as it stands.
    """
    nonlocal schedules_asked
    asked = (tenant, snapshot, statement)
    if asked != schedules_asked:
        schedules.clear()
        schedules_asked = asked
    found = schedules.get(schedule_id)
    if found is None:
        rows = plpy.execute(published, [schedule_id])
        if not rows:
            return None
        number, unpublished = rows[0]["calendar_id"], rows[0]["unpublished"]
        try:
            found = calendar(number) if unpublished is None else build(unpublished)
        except plpy.SPIError:
            raise
        except Exception:
            return None
        schedules[schedule_id] = found
    return found


def schedule_problem(schedule_id):
    """Why the current tenant's schedule cannot be read as a calendar, or None."""
    for row in plpy.execute(published, [schedule_id]):
        try:
            build(row["unpublished"] or definition(row["calendar_id"]))
        except plpy.SPIError:
            raise
        except Exception as error:
            return str(error.args[0]) if error.args else repr(error)
    return None


GD["slapg_calendar"] = SimpleNamespace(
    scheduled=scheduled, schedule_problem=schedule_problem, forget_schedules=schedules.clear,
    calendar=calendar, usable=usable, build=build, definition=definition, instant=instant,
    offsets=offsets, intervals=intervals, runs_elapsed=runs_elapsed, instant_over=instant_over, OutOfRange=OutOfRange)
$$;
comment on function sla._load_calendar_engine() is
    'Loads business time into this connection''s PL/Python dictionary (GD): the algorithm and a cache of compiled calendars. The other functions call it once; nobody else needs to.';
