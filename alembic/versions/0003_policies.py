"""What a service desk promises: policies, targets, thresholds, pause rules, escalation managers, settings.

Revision ID: 0003
Revises: 0002
"""

from slapg.migrations.revision import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POLICIES_SQL = r"""
create table sla.policies (
    tenant_id uuid not null default helpdesk.current_tenant(),
    policy_id uuid not null default helpdesk.new_id(),
    name text not null,
    description text,
    is_default boolean not null default false,
    schedule_id uuid,
    archived_at timestamptz,
    constraint policies_pkey primary key (tenant_id, policy_id),
    constraint policies_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id),
    constraint policies_schedule_fkey foreign key (tenant_id, schedule_id)
        references sla.schedules (tenant_id, schedule_id)
);
create unique index policies_one_default on sla.policies (tenant_id) where is_default and archived_at is null;
create unique index policies_name_key on sla.policies (tenant_id, name) where archived_at is null;
comment on table sla.policies is 'SLA policies: what is promised to whom. A ticket takes its own, its client''s, its board''s, else the default.';
comment on column sla.policies.tenant_id is 'Tenant that owns the policy.';
comment on column sla.policies.policy_id is 'Identifier of the policy.';
comment on column sla.policies.name is 'Name of the policy, unique within the tenant.';
comment on column sla.policies.description is 'What it promises, in words.';
comment on column sla.policies.is_default is 'True for the policy of tickets that no other applies to; at most one a tenant.';
comment on column sla.policies.schedule_id is 'Business hours that its targets count in; null: the tenant''s default schedule, else 24x7.';
comment on column sla.policies.archived_at is 'When it was retired; kept so that old clocks still explain themselves.';

create table sla.policy_targets (
    tenant_id uuid not null default helpdesk.current_tenant(),
    target_id uuid not null default helpdesk.new_id(),
    policy_id uuid not null,
    priority_id uuid not null,
    response_minutes integer,
    resolution_minutes integer,
    escalation_1_percent smallint default 70,
    escalation_2_percent smallint default 90,
    escalation_3_percent smallint default 110,
    is_24x7 boolean not null default false,
    constraint policy_targets_pkey primary key (tenant_id, target_id),
    constraint policy_targets_priority_key unique (tenant_id, policy_id, priority_id),
    constraint policy_targets_response_positive check (response_minutes > 0),
    constraint policy_targets_resolution_positive check (resolution_minutes > 0),
    constraint policy_targets_escalation_range check (
        escalation_1_percent between 1 and 1000 and escalation_2_percent between 1 and 1000
        and escalation_3_percent between 1 and 1000),
    constraint policy_targets_escalation_ascending check (
        coalesce(escalation_1_percent < escalation_2_percent, true)
        and coalesce(escalation_2_percent < escalation_3_percent, true)
        and coalesce(escalation_1_percent < escalation_3_percent, true)),
    constraint policy_targets_policy_fkey foreign key (tenant_id, policy_id)
        references sla.policies (tenant_id, policy_id) on delete cascade,
    constraint policy_targets_priority_fkey foreign key (tenant_id, priority_id)
        references helpdesk.priorities (tenant_id, priority_id)
);
create index policy_targets_priority_idx on sla.policy_targets (tenant_id, priority_id);
comment on table sla.policy_targets is 'What a policy promises for a priority.';
comment on column sla.policy_targets.tenant_id is 'Tenant that owns the policy.';
comment on column sla.policy_targets.target_id is 'Identifier of the target.';
comment on column sla.policy_targets.policy_id is 'Policy that promises it.';
comment on column sla.policy_targets.priority_id is 'Priority of the tickets that it is promised for.';
comment on column sla.policy_targets.response_minutes is 'Business minutes until the first public reply; null: no response is promised.';
comment on column sla.policy_targets.resolution_minutes is 'Business minutes until the ticket is closed; null: no resolution is promised.';
comment on column sla.policy_targets.escalation_1_percent is 'Percent of the target at which level 1 is escalated to; null: never.';
comment on column sla.policy_targets.escalation_2_percent is 'Percent of the target at which level 2 is escalated to; null: never.';
comment on column sla.policy_targets.escalation_3_percent is 'Percent of the target at which level 3 is escalated to; null: never.';
comment on column sla.policy_targets.is_24x7 is 'True: this target counts every minute, whatever the policy''s schedule says.';

create table sla.notification_thresholds (
    tenant_id uuid not null default helpdesk.current_tenant(),
    policy_id uuid not null,
    percent smallint not null,
    notify_assignee boolean not null default true,
    notify_board_manager boolean not null default false,
    notify_escalation_manager boolean not null default false,
    channels text[] not null default '{in_app}',
    constraint notification_thresholds_pkey primary key (tenant_id, policy_id, percent),
    constraint notification_thresholds_percent_range check (percent between 1 and 1000),
    constraint notification_thresholds_channels_given check (pg_catalog.cardinality(channels) > 0),
    constraint notification_thresholds_policy_fkey foreign key (tenant_id, policy_id)
        references sla.policies (tenant_id, policy_id) on delete cascade
);
comment on table sla.notification_thresholds is 'Percents of a target at which people are told, whom, and how.';
comment on column sla.notification_thresholds.tenant_id is 'Tenant that owns the policy.';
comment on column sla.notification_thresholds.policy_id is 'Policy that it belongs to.';
comment on column sla.notification_thresholds.percent is 'Percent of the target, 1 to 1000; a warning below 100, a breach from 100.';
comment on column sla.notification_thresholds.notify_assignee is 'Tell who the ticket is assigned to.';
comment on column sla.notification_thresholds.notify_board_manager is 'Tell the manager of the board.';
comment on column sla.notification_thresholds.notify_escalation_manager is 'Tell the escalation managers of the levels reached.';
comment on column sla.notification_thresholds.channels is 'How they are told: in_app, email, webhook, …';

create table sla.escalation_managers (
    tenant_id uuid not null default helpdesk.current_tenant(),
    board_id uuid not null,
    level smallint not null,
    manager_user_id uuid not null,
    notify_via text[] not null default '{in_app,email}',
    constraint escalation_managers_pkey primary key (tenant_id, board_id, level),
    constraint escalation_managers_level_range check (level between 1 and 3),
    constraint escalation_managers_board_fkey foreign key (tenant_id, board_id)
        references helpdesk.boards (tenant_id, board_id) on delete cascade,
    constraint escalation_managers_user_fkey foreign key (tenant_id, manager_user_id)
        references helpdesk.users (tenant_id, user_id)
);
comment on table sla.escalation_managers is 'Who is brought in when a ticket of a board reaches an escalation level.';
comment on column sla.escalation_managers.tenant_id is 'Tenant that owns the board.';
comment on column sla.escalation_managers.board_id is 'Board whose tickets escalate to the manager.';
comment on column sla.escalation_managers.level is 'Escalation level, 1 to 3.';
comment on column sla.escalation_managers.manager_user_id is 'The manager of that level.';
comment on column sla.escalation_managers.notify_via is 'How the manager is told: in_app, email, webhook, …';

create table sla.status_pause_config (
    tenant_id uuid not null default helpdesk.current_tenant(),
    status_id uuid not null,
    pauses_sla boolean not null default true,
    constraint status_pause_config_pkey primary key (tenant_id, status_id),
    constraint status_pause_config_status_fkey foreign key (tenant_id, status_id)
        references helpdesk.statuses (tenant_id, status_id) on delete cascade
);
comment on table sla.status_pause_config is 'Statuses that pause the clocks of the tickets in them.';
comment on column sla.status_pause_config.tenant_id is 'Tenant that owns the status.';
comment on column sla.status_pause_config.status_id is 'The status.';
comment on column sla.status_pause_config.pauses_sla is 'True: clocks stand still while the ticket is in it. Changing it acts on open tickets at once.';

create table sla.settings (
    tenant_id uuid not null default helpdesk.current_tenant(),
    pause_on_awaiting_client boolean not null default true,
    close_completes_response boolean not null default true,
    reopen_mode text not null default 'continue',
    at_risk_percent smallint not null default 75,
    import_after interval not null default '24 hours',
    timezone text not null default 'UTC',
    config_version bigint not null default 1,
    constraint settings_pkey primary key (tenant_id),
    constraint settings_reopen_mode_known check (reopen_mode in ('continue', 'restart', 'ignore')),
    constraint settings_at_risk_percent_range check (at_risk_percent between 1 and 100),
    constraint settings_import_after_positive check (import_after >= '0 seconds'),
    constraint settings_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id) on delete cascade
);
comment on table sla.settings is 'How a tenant wants its clocks to behave: one row a tenant.';
comment on column sla.settings.tenant_id is 'The tenant.';
comment on column sla.settings.pause_on_awaiting_client is 'True: response_state awaiting_client pauses the clocks.';
comment on column sla.settings.close_completes_response is 'True: closing a ticket completes a response clock still open; false: it pauses it.';
comment on column sla.settings.reopen_mode is 'What reopening does to the resolution clock: continue, restart or ignore (semantics §2).';
comment on column sla.settings.at_risk_percent is 'Percent of the target from which an open ticket is shown as at risk.';
comment on column sla.settings.import_after is 'A ticket inserted this long after its entered_at is an import: what it crossed before is recorded without notifying.';
comment on column sla.settings.timezone is 'IANA time zone in which reports cut days.';
comment on column sla.settings.config_version is 'Raised by every change of the tenant''s SLA configuration.';
insert into sla.settings (tenant_id) values ('00000000-0000-0000-0000-000000000001');

create table sla.terms (
    tenant_id uuid not null,
    policy_id uuid not null,
    priority_id uuid not null,
    metric text not null,
    calendar_id bigint,
    target interval not null,
    percents smallint[] not null,
    amounts bigint[] not null,
    escalation_percents smallint[] not null,
    definition jsonb not null,
    constraint terms_pkey primary key (tenant_id, policy_id, priority_id, metric)
);
comment on table sla.terms is 'Policies compiled for clocks that start: what a metric of a ticket with this policy and priority is promised now. Kept by triggers; never edited by hand.';
comment on column sla.terms.tenant_id is 'Tenant that owns the policy.';
comment on column sla.terms.policy_id is 'The policy.';
comment on column sla.terms.priority_id is 'The priority.';
comment on column sla.terms.metric is 'response or resolution.';
comment on column sla.terms.calendar_id is 'Calendar version that the target counts in; null: 24x7.';
comment on column sla.terms.target is 'Business time promised (hours, minutes, seconds).';
comment on column sla.terms.percents is 'Percents that are recorded when crossed, ascending, 100 always among them.';
comment on column sla.terms.amounts is 'Business time of each percent, in microseconds.';
comment on column sla.terms.escalation_percents is 'Percents of escalation levels 1 to 3; null elements: level not used.';
comment on column sla.terms.definition is 'The same as the audit log keeps it.';

alter table helpdesk.clients add constraint clients_policy_fkey foreign key (tenant_id, sla_policy_id)
    references sla.policies (tenant_id, policy_id);
alter table helpdesk.boards add constraint boards_policy_fkey foreign key (tenant_id, sla_policy_id)
    references sla.policies (tenant_id, policy_id);
alter table helpdesk.tickets add constraint tickets_policy_fkey foreign key (tenant_id, sla_policy_id)
    references sla.policies (tenant_id, policy_id);
"""


def upgrade() -> None:
    run_sql(POLICIES_SQL)


def downgrade() -> None:
    run_sql(
        """
        alter table helpdesk.tickets drop constraint tickets_policy_fkey;
        alter table helpdesk.boards drop constraint boards_policy_fkey;
        alter table helpdesk.clients drop constraint clients_policy_fkey;
        drop table sla.terms, sla.settings, sla.status_pause_config, sla.escalation_managers,
            sla.notification_thresholds, sla.policy_targets, sla.policies;
        """
    )
