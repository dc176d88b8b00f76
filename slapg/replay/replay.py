"""Replaying a log into a database: choosing incidents, going on where a replay stopped, and the summary."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg

from slapg.config import connect
from slapg.errors import SlapgError
from slapg.pooling import refuse_transaction_pooling
from slapg.replay.desk import Connection, Desk
from slapg.replay.log import read_log
from slapg.replay.player import REPLAY_KEY, Player
from slapg.replay.steps import Incident, Step, incidents, steps

Report = Callable[[int, int, datetime], None]
"""Told the number of steps done, of all steps, and the simulated time (UTC instant)."""

_PLAYED = """
    select t.ticket_number, t.updated_at from helpdesk.tickets t
    where t.tenant_id = helpdesk.current_tenant() and t.attributes ->> %s = %s
"""

_FOREIGN = """
    select count(*), min(t.ticket_number) from helpdesk.tickets t
    where t.tenant_id = helpdesk.current_tenant() and t.ticket_number = any (%s)
        and (t.attributes ->> %s) is distinct from %s
"""

# The people in a log are of the past: their e-mails are kept on record and not sent.
_DROP_MAIL = """
    update sla.notifications n
    set state = 'dropped', next_attempt_at = null, last_error = 'replay of a log: not sent'
    from helpdesk.tickets t
    where n.tenant_id = helpdesk.current_tenant() and n.state = 'pending'
        and t.tenant_id = n.tenant_id and t.ticket_id = n.ticket_id and t.attributes ->> %s = %s
"""

_COUNTS = """
    with replayed as materialized (
        select t.tenant_id, t.ticket_id from helpdesk.tickets t
        where t.tenant_id = helpdesk.current_tenant() and t.attributes ->> %s = %s)
    select
        (select count(*) from replayed r where exists (
            select from sla.clocks c where c.tenant_id = r.tenant_id and c.ticket_id = r.ticket_id)),
        (select count(*) from sla.threshold_events e join replayed r using (tenant_id, ticket_id)
            where e.withdrawn_at is null),
        (select count(*) from sla.notifications n join replayed r using (tenant_id, ticket_id))
"""


@dataclass(frozen=True)
class Selection:
    """Which incidents to replay: whole ones, by the time they were opened."""

    limit: int | None = None
    opened_from: datetime | None = None
    """Local time of the log, inclusive."""
    opened_until: datetime | None = None
    """Local time of the log, exclusive."""

    def choose(self, found: list[Incident], timezone: ZoneInfo) -> list[Incident]:
        """Those of `found` (in the order of opening) that are selected."""

        def within(opened_at: datetime) -> bool:
            local = opened_at.astimezone(timezone).replace(tzinfo=None)
            return not (
                (self.opened_from and local < self.opened_from)
                or (self.opened_until and local >= self.opened_until)
            )

        return [incident for incident in found if within(incident.opened_at)][: self.limit]


@dataclass
class Summary:
    """What one replay did."""

    incidents: int
    steps: int
    resumed_after: datetime | None = None
    """Where an earlier replay of the same log had stopped (UTC instant)."""
    last_at: datetime | None = None
    """The simulated time reached (UTC instant)."""
    sweeps: int = 0
    tracked: int = 0
    """Incidents that have clocks."""
    thresholds: int = 0
    notifications: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason of what could not be used, ascending."""


@dataclass(frozen=True)
class Options:
    """How to replay."""

    selection: Selection = Selection()
    itil: bool = False
    """Give every board without a policy the ITIL one first."""
    timezone: str | None = None
    """IANA zone of the log's times; None: the tenant's."""


def replay(dsn: str | None, path: Path, options: Options, report: Report) -> Summary:
    """Replay the log at `path`; going on where an earlier replay of it stopped.

    Raises `SlapgError` when the file is no log, when it was replayed to the end already, and when other
    tickets bear its numbers.
    """
    with connect(dsn, autocommit=True) as connection:
        refuse_transaction_pooling(connection, dsn, "where simulated time would reach others")
        timezone = _timezone(connection, options.timezone)
        log = read_log(path, timezone)
        chosen = options.selection.choose(incidents(log), timezone)
        if not chosen:
            raise SlapgError(f"{path} holds no incident to replay", hint=_skipped_hint(log.skipped))
        log_id = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        summary = Summary(len(chosen), 0, skipped=log.skipped)
        left = list(_what_is_left(connection, chosen, log_id, path, summary))
        with _simulation(connection, left[0].at, log_id):
            desk = Desk.for_rows(
                connection, (row for incident in chosen for row in incident.rows), itil=options.itil
            )
            player = Player(connection, desk, log_id)

            def told(done: int, at: datetime) -> None:
                summary.steps += done
                summary.last_at = at
                report(summary.steps, len(left), at)

            player.play(left, told)
        summary.sweeps = player.sweeps
        summary.skipped = sorted(log.skipped + player.refused)
        counts = connection.execute(_COUNTS, [REPLAY_KEY, log_id]).fetchone()
        assert counts is not None
        summary.tracked, summary.thresholds, summary.notifications = counts
    return summary


@contextmanager
def _simulation(connection: Connection, start: datetime, log_id: str) -> Iterator[None]:
    connection.execute("select set_config('slapg.now', %s, false)", [start.isoformat()])
    connection.execute("set slapg.actor = 'replay'")
    # A crash may cost the last moments of a replay, which goes on from wherever it stands.
    connection.execute("set synchronous_commit = off")
    # The same few statements over and over: planning them anew takes longer than running them.
    connection.execute("set plan_cache_mode = force_generic_plan")
    connection.execute("set jit = off")
    try:
        yield
    finally:
        # After a lost connection there is nothing to put right, and that error is the one to show.
        with suppress(psycopg.OperationalError):
            connection.execute("reset slapg.now")
            connection.execute("reset slapg.actor")
            connection.execute(_DROP_MAIL, [REPLAY_KEY, log_id])


def _what_is_left(
    connection: Connection, chosen: list[Incident], log_id: str, path: Path, summary: Summary
) -> Iterator[Step]:
    """The steps not yet played: all, or those after the last transaction of an earlier replay."""
    numbers = [incident.number for incident in chosen]
    foreign = connection.execute(_FOREIGN, [numbers, REPLAY_KEY, log_id]).fetchone()
    if foreign and foreign[0]:
        raise SlapgError(
            f"{foreign[0]} of the {len(chosen)} incidents are in the database already, not from this file "
            f"(the first: {foreign[1]})",
            hint="replay into a database of its own",
        )
    played: dict[str, Any] = dict(connection.execute(_PLAYED, [REPLAY_KEY, log_id]).fetchall())
    every = steps(chosen)
    if not played:
        return iter(every)
    stopped_at = max(played.values())
    _require_same_selection(chosen, played, stopped_at, path)
    left = [step for step in every if step.at > stopped_at]
    if not left:
        raise SlapgError(
            f"{path} was replayed into this database already: {len(played)} incidents",
            hint="look at them with: slapg status NUMBER, or replay into a database of its own",
        )
    summary.resumed_after = stopped_at
    return iter(left)


def _require_same_selection(
    chosen: list[Incident], played: dict[str, Any], stopped_at: datetime, path: Path
) -> None:
    expected = {incident.number for incident in chosen if incident.rows[0].at <= stopped_at}
    if expected != played.keys():
        raise SlapgError(
            f"another selection of {path} was replayed into this database: {len(played)} incidents",
            hint="use the same --limit, --from and --to to go on, or a database of its own",
        )


def _timezone(connection: Connection, name: str | None) -> ZoneInfo:
    if name is None:
        found = connection.execute(
            "select s.timezone from sla.settings s where s.tenant_id = helpdesk.current_tenant()"
        ).fetchone()
        name = found[0] if found else "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SlapgError(
            f"there is no time zone {name!r}", hint="give an IANA name, such as Europe/Amsterdam", exit_code=2
        ) from None


def _skipped_hint(skipped: list[tuple[int, str]]) -> str | None:
    return f"row {skipped[0][0]}: {skipped[0][1]} ({len(skipped)} rows skipped)" if skipped else None
