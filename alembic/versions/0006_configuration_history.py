"""The history of the configuration: who changed which policy, schedule, status …, and what it was before.

Revision ID: 0006
Revises: 0005
"""

from slapg.migrations.revision import run_sql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HISTORY_SQL = r"""
create table sla.configuration_history (
    tenant_id uuid not null,
    change_id bigint generated always as identity,
    table_name text not null,
    operation text not null,
    row_key jsonb not null,
    old_values jsonb,
    new_values jsonb,
    actor text not null,
    created_at timestamptz not null,
    constraint configuration_history_pkey primary key (tenant_id, change_id),
    constraint configuration_history_operation_known check (operation in ('insert', 'update', 'delete'))
);
comment on table sla.configuration_history is 'Audit event config_changed: one row for each configuration row inserted, updated or deleted, append-only. What happens to tickets is in sla.audit_log.';
comment on column sla.configuration_history.tenant_id is 'Tenant whose configuration it is; its history stays when the tenant goes.';
comment on column sla.configuration_history.change_id is 'Number of the change, in the order of writing.';
comment on column sla.configuration_history.table_name is 'Table with its schema, such as sla.policy_targets.';
comment on column sla.configuration_history.operation is 'insert, update or delete; a retirement is an update of archived_at.';
comment on column sla.configuration_history.row_key is 'Primary key of the row, without the tenant.';
comment on column sla.configuration_history.old_values is 'Before: of an update what changed, of a delete the whole row; null for an insert.';
comment on column sla.configuration_history.new_values is 'After: of an update what changed, of an insert the whole row; null for a delete.';
comment on column sla.configuration_history.actor is 'Who did it: setting slapg.actor of the application, else the database role.';
comment on column sla.configuration_history.created_at is 'When it was done (UTC instant).';

alter table sla.configuration_history enable row level security;
create policy slapg_tenant on sla.configuration_history using (tenant_id = (select helpdesk.current_tenant()));
"""


def upgrade() -> None:
    run_sql(HISTORY_SQL)


def downgrade() -> None:
    run_sql("drop table sla.configuration_history;")
