"""What slapg keeps about tickets: clocks, pauses, threshold events, notifications, audit log.

Revision ID: 0004
Revises: 0003
"""

from slapg.migrations.revision import run_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CLOCKS_SQL = r"""
create table sla.clocks (
    tenant_id uuid not null default helpdesk.current_tenant(),
    ticket_id uuid not null,
    metric text not null,
    cycle smallint not null default 1,
    state text not null,
    policy_id uuid not null,
    priority_id uuid not null,
    calendar_id bigint,
    target interval not null,
    percents smallint[] not null,
    crossings timestamptz[] not null,
    escalation_percents smallint[] not null,
    started_at timestamptz not null,
    due_at timestamptz not null,
    paused_at timestamptz,
    completed_at timestamptz,
    breached_at timestamptz,
    met boolean,
    cancel_reason text,
    next_percent smallint,
    next_fire_at timestamptz,
    changed_at timestamptz not null,
    silent_before timestamptz,
    keeps_due_date boolean not null default false,
    constraint clocks_pkey primary key (tenant_id, ticket_id, metric, cycle),
    constraint clocks_state_known check (state in ('running', 'paused', 'completed', 'cancelled')),
    constraint clocks_cancel_reason_known check (cancel_reason in ('manual', 'no_policy', 'no_target', 'error'))
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01);
create index clocks_next_fire_at_idx on sla.clocks (next_fire_at) where next_fire_at is not null;
comment on table sla.clocks is 'One row a metric of a ticket: how its promise stands (semantics §2). Written by triggers and the sweep only.';
comment on column sla.clocks.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.clocks.ticket_id is 'The ticket.';
comment on column sla.clocks.metric is 'What is measured: response (first public reply) or resolution (closing).';
comment on column sla.clocks.cycle is '1, and one more for each reopening that restarted the clock.';
comment on column sla.clocks.state is 'running, paused, completed or cancelled.';
comment on column sla.clocks.policy_id is 'Policy whose promise this is.';
comment on column sla.clocks.priority_id is 'Priority that the target was promised for.';
comment on column sla.clocks.calendar_id is 'Calendar version that it counts in; null: 24x7.';
comment on column sla.clocks.target is 'Business time promised (hours, minutes, seconds).';
comment on column sla.clocks.percents is 'Percents of the target that are recorded when crossed, ascending.';
comment on column sla.clocks.crossings is 'Instant (UTC) at which each percent is reached, given the pauses that have ended; those after paused_at are not yet true.';
comment on column sla.clocks.escalation_percents is 'Percents of escalation levels 1 to 3; null elements: level not used.';
comment on column sla.clocks.started_at is 'When it began to count (UTC instant).';
comment on column sla.clocks.due_at is 'When the target is used up (UTC instant); stands still while paused.';
comment on column sla.clocks.paused_at is 'Since when it stands still (UTC instant); null unless paused.';
comment on column sla.clocks.completed_at is 'When the response or resolution happened (UTC instant).';
comment on column sla.clocks.breached_at is 'When 100 % was crossed (UTC instant); null: it was not.';
comment on column sla.clocks.met is 'True: completed in time; false: breached; null: open, or cancelled.';
comment on column sla.clocks.cancel_reason is 'Why it was cancelled: manual, no_policy, no_target, error (its terms cannot be counted).';
comment on column sla.clocks.next_percent is 'Next percent that it will cross; null: none is left.';
comment on column sla.clocks.next_fire_at is 'When it will cross it (UTC instant); null while paused or ended. The sweep reads only this.';
comment on column sla.clocks.changed_at is 'Effective time of its last transition (UTC instant).';
comment on column sla.clocks.silent_before is 'Crossings before this instant are history of an import: recorded, but nobody is told; null: not an import.';
comment on column sla.clocks.keeps_due_date is 'True on the resolution clock whose ticket''s due_date slapg filled in and keeps in step.';

create table sla.pauses (
    tenant_id uuid not null default helpdesk.current_tenant(),
    ticket_id uuid not null,
    pause_id bigint generated always as identity,
    reason text not null,
    paused_at timestamptz not null,
    resumed_at timestamptz,
    constraint pauses_pkey primary key (tenant_id, ticket_id, pause_id),
    constraint pauses_reason_known check (reason in ('status', 'awaiting_client', 'manual', 'closed')),
    constraint pauses_ordered check (paused_at <= resumed_at),
    constraint pauses_ticket_fkey foreign key (tenant_id, ticket_id)
        references helpdesk.tickets (tenant_id, ticket_id) on delete cascade
);
create unique index pauses_one_open on sla.pauses (tenant_id, ticket_id, reason) where resumed_at is null;
comment on table sla.pauses is 'Times in which a ticket''s clocks stand still, one row a reason; they may overlap, and clocks pause on their union.';
comment on column sla.pauses.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.pauses.ticket_id is 'The ticket.';
comment on column sla.pauses.pause_id is 'Number of the row.';
comment on column sla.pauses.reason is 'status (a pausing status), awaiting_client, manual (sla.pause) or closed.';
comment on column sla.pauses.paused_at is 'When the reason began to hold (UTC instant).';
comment on column sla.pauses.resumed_at is 'When it ended (UTC instant); null: it still holds.';
"""

OUTBOX_SQL = r"""
create table sla.threshold_events (
    tenant_id uuid not null default helpdesk.current_tenant(),
    ticket_id uuid not null,
    event_id bigint generated always as identity,
    metric text not null,
    cycle smallint not null,
    percent smallint not null,
    kind text not null,
    crossed_at timestamptz not null,
    recorded_at timestamptz not null,
    escalation_level smallint,
    superseded boolean not null default false,
    withdrawn_at timestamptz,
    constraint threshold_events_pkey primary key (tenant_id, ticket_id, event_id),
    constraint threshold_events_kind_known check (kind in ('warning', 'breach'))
);
create unique index threshold_events_once on sla.threshold_events (tenant_id, ticket_id, metric, cycle, percent)
    where withdrawn_at is null;
comment on table sla.threshold_events is 'Every percent that a clock crossed, once (semantics §3). Rows are a function of the ticket''s history, not of when sweeps ran.';
comment on column sla.threshold_events.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.threshold_events.ticket_id is 'The ticket.';
comment on column sla.threshold_events.event_id is 'Number of the event.';
comment on column sla.threshold_events.metric is 'Metric of the clock that crossed it.';
comment on column sla.threshold_events.cycle is 'Cycle of the clock.';
comment on column sla.threshold_events.percent is 'Percent of the target that was crossed.';
comment on column sla.threshold_events.kind is 'warning below 100 %, breach from 100 %.';
comment on column sla.threshold_events.crossed_at is 'The exact instant of the crossing (UTC).';
comment on column sla.threshold_events.recorded_at is 'When the crossing was recorded (UTC instant).';
comment on column sla.threshold_events.escalation_level is 'Escalation level that this percent is; null: none.';
comment on column sla.threshold_events.superseded is 'True: nobody was told, because a higher percent was recorded with it or it is history of an import.';
comment on column sla.threshold_events.withdrawn_at is 'When the crossing turned out not to have happened (UTC instant): it counts nowhere.';

create table sla.notifications (
    tenant_id uuid not null default helpdesk.current_tenant(),
    notification_id bigint generated always as identity,
    event_id bigint,
    ticket_id uuid not null,
    user_id uuid,
    channel text not null,
    template text not null,
    payload jsonb not null default '{}',
    state text not null default 'pending',
    attempts smallint not null default 0,
    created_at timestamptz not null,
    next_attempt_at timestamptz,
    sent_at timestamptz,
    last_error text,
    read_at timestamptz,
    constraint notifications_pkey primary key (tenant_id, notification_id),
    constraint notifications_state_known check (state in ('pending', 'sent', 'dead', 'dropped')),
    constraint notifications_template_known check (
        template in ('warning', 'breach', 'escalation', 'response_met', 'resolution_met'))
);
create index notifications_queue_idx on sla.notifications (channel, state, next_attempt_at, notification_id)
    where state in ('pending', 'dead');
create index notifications_ticket_idx on sla.notifications (tenant_id, ticket_id);
create index notifications_unread_idx on sla.notifications (tenant_id, user_id)
    where channel = 'in_app' and read_at is null;
comment on table sla.notifications is 'The outbox: who is to be told what, one row a recipient and channel, written in the transaction of the event.';
comment on column sla.notifications.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.notifications.notification_id is 'Number of the notification.';
comment on column sla.notifications.event_id is 'Threshold event that it tells of; null: a verdict at completion.';
comment on column sla.notifications.ticket_id is 'The ticket.';
comment on column sla.notifications.user_id is 'Who is told; null: whom the channel itself names.';
comment on column sla.notifications.channel is 'in_app (complete when the row exists), email, webhook, …';
comment on column sla.notifications.template is 'Kind of message: warning, breach, escalation, response_met, resolution_met.';
comment on column sla.notifications.payload is 'What the message says, as it was then: ticket, metric, percent, due time, level.';
comment on column sla.notifications.state is 'pending, sent, dead (given up, see last_error) or dropped (what it told of was withdrawn).';
comment on column sla.notifications.attempts is 'How often it was tried.';
comment on column sla.notifications.created_at is 'When the row was written (UTC instant).';
comment on column sla.notifications.next_attempt_at is 'Not before this instant (UTC) is it tried; null unless pending.';
comment on column sla.notifications.sent_at is 'When the channel accepted it (UTC instant).';
comment on column sla.notifications.last_error is 'What the channel answered last, if not yes.';
comment on column sla.notifications.read_at is 'When the recipient read it (UTC instant); in_app only.';

create table sla.sweep_runs (
    run_id bigint generated always as identity,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    settled integer not null,
    recorded integer not null,
    failed integer not null,
    constraint sweep_runs_pkey primary key (run_id)
);
create index sweep_runs_started_idx on sla.sweep_runs (started_at);
comment on table sla.sweep_runs is 'What the sweeps did: one row a run that found work, and one a minute at most of those that did not.';
comment on column sla.sweep_runs.run_id is 'Number of the run.';
comment on column sla.sweep_runs.started_at is 'When it began (UTC instant).';
comment on column sla.sweep_runs.finished_at is 'When it ended (UTC instant).';
comment on column sla.sweep_runs.settled is 'Clocks that it settled.';
comment on column sla.sweep_runs.recorded is 'Threshold events that it recorded.';
comment on column sla.sweep_runs.failed is 'Tickets that it could not settle (see sla.sweep_errors).';

create table sla.sweep_errors (
    tenant_id uuid not null,
    ticket_id uuid not null,
    failures integer not null default 1,
    first_failed_at timestamptz not null,
    last_failed_at timestamptz not null,
    retry_at timestamptz not null,
    sqlstate text not null,
    message text not null,
    constraint sweep_errors_pkey primary key (tenant_id, ticket_id),
    constraint sweep_errors_ticket_fkey foreign key (tenant_id, ticket_id)
        references helpdesk.tickets (tenant_id, ticket_id) on delete cascade
);
comment on table sla.sweep_errors is 'Tickets that the sweep could not settle: skipped until retry_at so that they block nobody; the row goes when one succeeds.';
comment on column sla.sweep_errors.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.sweep_errors.ticket_id is 'The ticket.';
comment on column sla.sweep_errors.failures is 'How often it failed in a row.';
comment on column sla.sweep_errors.first_failed_at is 'When it failed first (UTC instant).';
comment on column sla.sweep_errors.last_failed_at is 'When it failed last (UTC instant).';
comment on column sla.sweep_errors.retry_at is 'Not before this instant (UTC) is it tried again.';
comment on column sla.sweep_errors.sqlstate is 'SQLSTATE of the last failure.';
comment on column sla.sweep_errors.message is 'Message of the last failure.';
"""

AUDIT_SQL = r"""
create sequence sla.audit_log_seq;
comment on sequence sla.audit_log_seq is 'Numbers of audit entries, in the order of writing.';

create table sla.audit_log (
    tenant_id uuid not null default helpdesk.current_tenant(),
    ticket_id uuid not null,
    log_id bigint not null default pg_catalog.nextval('sla.audit_log_seq'),
    event_type text not null,
    event_data jsonb not null default '{}',
    effective_at timestamptz not null,
    actor text not null,
    created_at timestamptz not null,
    constraint audit_log_pkey primary key (tenant_id, ticket_id, log_id, created_at)
) partition by range (created_at);
comment on table sla.audit_log is 'The history of every ticket (semantics §7), append-only, partitioned by month: clocks and threshold events can be recomputed from it alone.';
comment on column sla.audit_log.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.audit_log.ticket_id is 'The ticket; its entries stay when it is deleted.';
comment on column sla.audit_log.log_id is 'Number of the entry, in the order of writing.';
comment on column sla.audit_log.event_type is 'What happened: sla_started, sla_paused, ticket_changed, …';
comment on column sla.audit_log.event_data is 'Old and new values, and whatever explains the entry.';
comment on column sla.audit_log.effective_at is 'The instant (UTC) at which it took effect.';
comment on column sla.audit_log.actor is 'Who did it: setting slapg.actor of the application, else the database role.';
comment on column sla.audit_log.created_at is 'When the entry was written (UTC instant).';
create table sla.audit_log_default partition of sla.audit_log default;
comment on table sla.audit_log_default is 'Audit entries of months that have no partition of their own.';
"""


def upgrade() -> None:
    run_sql(CLOCKS_SQL)
    run_sql(OUTBOX_SQL)
    run_sql(AUDIT_SQL)


def downgrade() -> None:
    run_sql(
        """
        drop table sla.audit_log, sla.sweep_errors, sla.sweep_runs, sla.notifications, sla.threshold_events,
            sla.pauses, sla.clocks;
        drop sequence sla.audit_log_seq;
        """
    )
