"""The people, boards, clients, priorities and statuses that a log names, as rows of the service desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from uuid import UUID

import psycopg

from slapg.replay.log import AWAITING, CLOSED_STATES, LogRow

Connection = psycopg.Connection[tuple[Any, ...]]

_BY_NAME = """
    with wanted as (select distinct name from unnest(%(names)s::text[]) as w(name)),
    made as (
        insert into helpdesk.{table} (name)
        select w.name from wanted w
        where not exists (
            select from helpdesk.{table} x where x.tenant_id = helpdesk.current_tenant() and x.name = w.name)
        returning {key}, name)
    select name, {key} from made
    union all
    select x.name, x.{key} from helpdesk.{table} x join wanted w on w.name = x.name
    where x.tenant_id = helpdesk.current_tenant()
"""

_STATUSES = """
    with wanted as (select distinct name from unnest(%(names)s::text[]) as w(name)),
    made as (
        insert into helpdesk.statuses (name, is_closed)
        select w.name, w.name = any (%(closed)s) from wanted w
        where not exists (
            select from helpdesk.statuses x
            where x.tenant_id = helpdesk.current_tenant() and x.name = w.name and x.board_id is null)
        returning status_id, name)
    insert into sla.status_pause_config (status_id)
    select m.status_id from made m where starts_with(m.name, %(awaiting)s)
"""

_STATUS_IDS = """
    select x.name, x.status_id from helpdesk.statuses x
    where x.tenant_id = helpdesk.current_tenant() and x.board_id is null and x.archived_at is null
"""

_PRIORITIES = """
    insert into helpdesk.priorities (name, rank, itil_level)
    select w.name, w.level, w.level
    from unnest(%(levels)s::integer[], %(names)s::text[]) as w(level, name)
    where not exists (
        select from helpdesk.priorities r
        where r.tenant_id = helpdesk.current_tenant() and r.itil_level = w.level and r.archived_at is null)
"""

_PRIORITY_IDS = """
    select r.itil_level, r.priority_id from helpdesk.priorities r
    where r.tenant_id = helpdesk.current_tenant() and r.itil_level is not null and r.archived_at is null
"""


@dataclass(frozen=True)
class Desk:
    """The ids of what a log names."""

    statuses: dict[str, UUID]
    priorities: dict[int, UUID]
    boards: dict[str, UUID]
    users: dict[str, UUID]
    clients: dict[str, UUID]

    @classmethod
    def for_rows(cls, connection: Connection, rows: Iterable[LogRow], *, itil: bool) -> "Desk":
        """Find the rows that bear the names of the log, and make those that are missing.

        An assignment group is a board, a location a client, an assignee a user of the staff without e-mail
        address.  Statuses `Awaiting …` pause the clocks.  With `itil`, every board without a policy gets
        "ITIL Standard", counted in office hours from Monday to Friday.
        """
        rows = list(rows)
        with connection.transaction():
            boards = _by_name(connection, "boards", "board_id", {row.group for row in rows})
            clients = _by_name(connection, "clients", "client_id", {row.location for row in rows})
            users = _by_name(connection, "users", "user_id", {row.assignee for row in rows})
            if itil:
                connection.execute(_itil_script().encode())
            names = {row.level: row.priority for row in rows}
            connection.execute(_PRIORITIES, {"levels": list(names), "names": list(names.values())})
            connection.execute(
                _STATUSES,
                {
                    "names": list({row.state for row in rows}),
                    "closed": list(CLOSED_STATES),
                    "awaiting": AWAITING,
                },
            )
            return cls(
                statuses=dict(connection.execute(_STATUS_IDS).fetchall()),
                priorities=dict(connection.execute(_PRIORITY_IDS).fetchall()),
                boards=boards,
                users=users,
                clients=clients,
            )


def _by_name(connection: Connection, table: str, key: str, names: set[str | None]) -> dict[str, UUID]:
    query = _BY_NAME.format(table=table, key=key)
    return dict(connection.execute(query.encode(), {"names": [*filter(None, names)]}).fetchall())


def _itil_script() -> str:
    return files("slapg.replay").joinpath("itil_desk.sql").read_text(encoding="utf-8")
