"""Two organisations in one database do not meet."""

from uuid import UUID, uuid4

import psycopg
import pytest

from tests.engine.desk import SETUP, Desk, when

OURS = "00000000-0000-0000-0000-000000000001"


def second_tenant(desk: Desk) -> UUID:
    """Another tenant with a desk like the first; answers are promised within two hours."""
    other = uuid4()
    desk.db.execute("insert into helpdesk.tenants (tenant_id, name) values (%s, 'Other')", [other])
    act_for(desk, other)
    # The set-up looks things up by name only: hide the first tenant's as row-level security would.
    desk.db.execute("alter role slapg_owner login; grant slapg_admin to slapg_owner")
    return other


def act_for(desk: Desk, tenant: UUID | str) -> None:
    desk.db.execute("select set_config('slapg.tenant_id', %s, false)", [str(tenant)])
