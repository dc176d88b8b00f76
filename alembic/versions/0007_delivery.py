"""Delivery: channels, message templates, what recipients prefer, and claims that a killed listener leaves behind.

Revision ID: 0007
Revises: 0006
"""

from slapg.migrations.revision import run_sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHANNELS_SQL = r"""
create table sla.channels (
    tenant_id uuid not null default helpdesk.current_tenant(),
    channel text not null,
    kind text not null,
    url text,
    sender text,
    signing_secret text,
    max_attempts smallint not null default 3,
    is_enabled boolean not null default true,
    constraint channels_pkey primary key (tenant_id, channel),
    constraint channels_kind_known check (kind in ('email', 'webhook', 'apprise', 'redis')),
    constraint channels_max_attempts_range check (max_attempts between 1 and 20),
    constraint channels_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id) on delete cascade
);
comment on table sla.channels is 'How a tenant reaches people and systems: what a channel named in thresholds and notify_via stands for. in_app needs no row; email without a row uses the listener''s own mail server.';
comment on column sla.channels.tenant_id is 'The tenant.';
comment on column sla.channels.channel is 'Name that thresholds and escalation managers use.';
comment on column sla.channels.kind is 'email (one message a recipient), webhook, apprise or redis (one message an event, whoever the recipients are).';
comment on column sla.channels.url is 'Where it goes; secrets in it by reference: ${env:NAME} or ${file:NAME}. Null with kind email: the listener''s own mail server.';
comment on column sla.channels.sender is 'From address of e-mail, like SLA desk <sla@example.com>; null: the listener''s own.';
comment on column sla.channels.signing_secret is 'Reference to the secret that signs webhooks, ${env:NAME} or ${file:NAME}; null: not signed.';
comment on column sla.channels.max_attempts is 'How often a message is tried before it is given up as dead.';
comment on column sla.channels.is_enabled is 'False: its messages wait.';

create table sla.message_templates (
    tenant_id uuid not null default helpdesk.current_tenant(),
    template text not null,
    locale text not null default '',
    body text not null,
    constraint message_templates_pkey primary key (tenant_id, template, locale),
    constraint message_templates_template_known check (template in (
        'warning', 'breach', 'escalation', 'response_met', 'resolution_met', 'digest', 'layout.txt', 'layout.html')),
    constraint message_templates_tenant_fkey foreign key (tenant_id)
        references helpdesk.tenants (tenant_id) on delete cascade
);
comment on table sla.message_templates is 'A tenant''s own words (Jinja2) in place of the shipped ones.';
comment on column sla.message_templates.tenant_id is 'The tenant.';
comment on column sla.message_templates.template is 'Kind of message, digest, or one of the two layouts around all messages.';
comment on column sla.message_templates.locale is 'Language such as de or pt_BR that it is for; empty: every language without one of its own.';
comment on column sla.message_templates.body is 'Text of the template: headline on the first line, sentences below; of a layout the whole page.';

create table sla.recipient_preferences (
    tenant_id uuid not null default helpdesk.current_tenant(),
    user_id uuid not null,
    schedule_id uuid,
    locale text,
    constraint recipient_preferences_pkey primary key (tenant_id, user_id),
    constraint recipient_preferences_user_fkey foreign key (tenant_id, user_id)
        references helpdesk.users (tenant_id, user_id) on delete cascade,
    constraint recipient_preferences_schedule_fkey foreign key (tenant_id, schedule_id)
        references sla.schedules (tenant_id, schedule_id) on delete set null (schedule_id)
);
comment on table sla.recipient_preferences is 'How a person wants to be told; without a row: at once, in the tenant''s language.';
comment on column sla.recipient_preferences.tenant_id is 'Tenant of the person.';
comment on column sla.recipient_preferences.user_id is 'The person.';
comment on column sla.recipient_preferences.schedule_id is 'Working hours outside of which warnings wait (breaches and escalations do not); null: none.';
comment on column sla.recipient_preferences.locale is 'Language of messages, such as de or pt_BR; null: the tenant''s.';

alter table sla.settings
    add column digest_after smallint default 10,
    add column locale text not null default 'en',
    add constraint settings_digest_after_positive check (digest_after > 0);
comment on column sla.settings.digest_after is 'More messages than this that wait for one recipient on one personal channel become one digest; null: never.';
comment on column sla.settings.locale is 'Language of messages, such as de or pt_BR, for recipients without one of their own.';

alter table sla.notifications
    add column claimed_at timestamptz,
    add column claimed_alone boolean,
    add column digest_id bigint;
comment on column sla.notifications.claimed_at is 'When a listener took it (UTC instant); null: none has it, or it answered.';
comment on column sla.notifications.claimed_alone is 'True: it was claimed by itself, because the listener that had it before ended without an answer.';
comment on column sla.notifications.digest_id is 'Number of the digest that carries it: the lowest notification_id in it; null: a message of its own.';
-- A tenant's channel is one queue: what waits for a channel that is off must not be read past at each claim.
drop index sla.notifications_queue_idx;
create index notifications_queue_idx
    on sla.notifications (state, tenant_id, channel, next_attempt_at, notification_id) where state in ('pending', 'dead');
create index notifications_claimed_idx on sla.notifications (tenant_id, channel, next_attempt_at)
    where state = 'pending' and claimed_at is not null;
create index notifications_recipient_idx
    on sla.notifications (tenant_id, user_id, channel, next_attempt_at, notification_id)
    where state = 'pending' and claimed_at is null;
create index notifications_digest_idx on sla.notifications (tenant_id, channel, digest_id)
    where state = 'pending' and digest_id is not null;
-- Claims read the head of the queue, which is where delivered rows leave their dead index entries.
alter table sla.notifications set (autovacuum_vacuum_scale_factor = 0.02);

-- Its parameters and columns are others now.
drop function if exists sla.claim_notifications(text, integer, interval);

do $$
declare
    v_table regclass;
begin
    foreach v_table in array array['sla.channels', 'sla.message_templates', 'sla.recipient_preferences']::regclass[]
    loop
        execute pg_catalog.format('alter table %s enable row level security', v_table);
        execute pg_catalog.format(
            'create policy slapg_tenant on %s using (tenant_id = (select helpdesk.current_tenant()))', v_table);
    end loop;
end
$$;
"""


def upgrade() -> None:
    run_sql(CHANNELS_SQL)


def downgrade() -> None:
    run_sql(
        """
        drop table sla.channels, sla.message_templates, sla.recipient_preferences;
        drop index sla.notifications_digest_idx, sla.notifications_recipient_idx, sla.notifications_claimed_idx,
            sla.notifications_queue_idx;
        create index notifications_queue_idx on sla.notifications (channel, state, next_attempt_at, notification_id)
            where state in ('pending', 'dead');
        alter table sla.notifications reset (autovacuum_vacuum_scale_factor);
        alter table sla.notifications drop column claimed_at, drop column claimed_alone, drop column digest_id;
        alter table sla.settings drop column digest_after, drop column locale;
        """
    )
