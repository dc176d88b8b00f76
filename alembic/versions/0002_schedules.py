"""Business hours: schedules, entries, holidays, and the immutable calendars made of them.

Revision ID: 0002
Revises: 0001
"""

from slapg.migrations.revision import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CALENDARS_SQL = r"""
create schema if not exists sla;
comment on schema sla is 'What slapg keeps: promises, clocks, thresholds, notifications and the history of them all.';

create table sla.schedules (
    tenant_id uuid not null default helpdesk.current_tenant(),
    schedule_id uuid not null default helpdesk.new_id(),
    name text not null,
    timezone text not null default 'UTC',
    is_default boolean not null default false,
    is_24x7 boolean not null default false,
    calendar_id bigint,
    archived_at timestamptz,
    constraint schedules_pkey primary key (tenant_id, schedule_id),
    constraint schedules_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id)
);
create unique index schedules_one_default on sla.schedules (tenant_id) where is_default and archived_at is null;
comment on table sla.schedules is 'Business hours: a time zone, weekly entries and holidays, or 24x7 (semantics §1).';
comment on column sla.schedules.tenant_id is 'Tenant that owns the schedule.';
comment on column sla.schedules.schedule_id is 'Identifier of the schedule.';
comment on column sla.schedules.name is 'Name of the schedule.';
comment on column sla.schedules.timezone is 'IANA time zone of the entries and holidays, such as Europe/Amsterdam.';
comment on column sla.schedules.is_default is 'True for the schedule of policies that name none; at most one a tenant.';
comment on column sla.schedules.is_24x7 is 'True: always open; entries and holidays are not consulted.';
comment on column sla.schedules.calendar_id is 'Newest calendar version; null until the first is made at commit.';
comment on column sla.schedules.archived_at is 'When it was retired; kept so that old clocks still explain themselves.';

create table sla.schedule_entries (
    tenant_id uuid not null default helpdesk.current_tenant(),
    entry_id uuid not null default helpdesk.new_id(),
    schedule_id uuid not null,
    day_of_week smallint not null,
    start_time time not null,
    end_time time not null,
    is_enabled boolean not null default true,
    valid_from date,
    valid_to date,
    constraint schedule_entries_pkey primary key (tenant_id, entry_id),
    constraint schedule_entries_day_range check (day_of_week between 0 and 6),
    constraint schedule_entries_ends_differ check (start_time <> end_time),
    constraint schedule_entries_validity_ordered check (valid_from <= valid_to),
    constraint schedule_entries_schedule_fkey foreign key (tenant_id, schedule_id)
        references sla.schedules (tenant_id, schedule_id) on delete cascade
);
create index schedule_entries_schedule_idx on sla.schedule_entries (tenant_id, schedule_id);
comment on table sla.schedule_entries is 'Weekly opening hours, half-open [start, end) in local time; several a day are allowed, overlapping ones are not.';
comment on column sla.schedule_entries.tenant_id is 'Tenant that owns the schedule.';
comment on column sla.schedule_entries.entry_id is 'Identifier of the entry.';
comment on column sla.schedule_entries.schedule_id is 'Schedule that it belongs to.';
comment on column sla.schedule_entries.day_of_week is '0 = Sunday to 6 = Saturday: the day on which it begins.';
comment on column sla.schedule_entries.start_time is 'Local time of opening.';
comment on column sla.schedule_entries.end_time is 'Local time of closing; 24:00 is midnight; before start_time it lies on the next day.';
comment on column sla.schedule_entries.is_enabled is 'False: ignored.';
comment on column sla.schedule_entries.valid_from is 'First local date on which it counts; null: always did.';
comment on column sla.schedule_entries.valid_to is 'Last local date on which it counts, inclusive; null: no end.';

create table sla.holidays (
    tenant_id uuid not null default helpdesk.current_tenant(),
    holiday_id uuid not null default helpdesk.new_id(),
    schedule_id uuid,
    name text not null,
    holiday_date date not null,
    is_recurring boolean not null default false,
    start_time time,
    end_time time,
    constraint holidays_pkey primary key (tenant_id, holiday_id),
    constraint holidays_times_together check ((start_time is null) = (end_time is null)),
    constraint holidays_times_ordered check (start_time < end_time),
    constraint holidays_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id),
    constraint holidays_schedule_fkey foreign key (tenant_id, schedule_id)
        references sla.schedules (tenant_id, schedule_id) on delete cascade
);
create index holidays_schedule_idx on sla.holidays (tenant_id, schedule_id);
comment on table sla.holidays is 'Local dates, or parts of them, without business time.';
comment on column sla.holidays.tenant_id is 'Tenant that owns the holiday.';
comment on column sla.holidays.holiday_id is 'Identifier of the holiday.';
comment on column sla.holidays.schedule_id is 'Schedule that it closes; null: every schedule of the tenant.';
comment on column sla.holidays.name is 'Name of the holiday.';
comment on column sla.holidays.holiday_date is 'Local calendar date; of a recurring holiday only month and day count.';
comment on column sla.holidays.is_recurring is 'True: every year on this month and day; 29 February in leap years only.';
comment on column sla.holidays.start_time is 'Local time from which the date is closed; null: the whole day.';
comment on column sla.holidays.end_time is 'Local time until which the date is closed; null: the whole day.';

create sequence sla.calendar_id_seq;
comment on sequence sla.calendar_id_seq is 'Numbers of calendar versions: never used twice, not even after a rollback, so a cache keyed by one cannot be stale.';

create table sla.calendars (
    tenant_id uuid not null default helpdesk.current_tenant(),
    calendar_id bigint not null default pg_catalog.nextval('sla.calendar_id_seq'),
    schedule_id uuid not null,
    definition jsonb not null,
    created_at timestamptz not null,
    constraint calendars_pkey primary key (tenant_id, calendar_id),
    constraint calendars_schedule_fkey foreign key (tenant_id, schedule_id)
        references sla.schedules (tenant_id, schedule_id)
);
create unique index calendars_number_key on sla.calendars (calendar_id) include (tenant_id);
create index calendars_schedule_idx on sla.calendars (tenant_id, schedule_id);
comment on table sla.calendars is 'Immutable versions of schedules: each edit makes one at commit. Clocks name the version that they count in.';
comment on column sla.calendars.tenant_id is 'Tenant that owns the schedule.';
comment on column sla.calendars.calendar_id is 'Number of the version.';
comment on column sla.calendars.schedule_id is 'Schedule that it is a version of.';
comment on column sla.calendars.definition is 'Time zone, entries and holidays as they were.';
comment on column sla.calendars.created_at is 'When the version was made (UTC instant).';
alter table sla.schedules add constraint schedules_calendar_fkey foreign key (tenant_id, calendar_id)
    references sla.calendars (tenant_id, calendar_id);

create table sla.calendar_edits (
    tenant_id uuid not null,
    schedule_id uuid not null,
    constraint calendar_edits_pkey primary key (tenant_id, schedule_id)
);
comment on table sla.calendar_edits is 'Schedules edited by a transaction under way; empty between transactions. A deferred trigger makes their next calendars at commit.';
comment on column sla.calendar_edits.tenant_id is 'Tenant that owns the schedule.';
comment on column sla.calendar_edits.schedule_id is 'Schedule that was edited.';
"""


def upgrade() -> None:
    run_sql(CALENDARS_SQL)


def downgrade() -> None:
    run_sql(
        """
        drop table sla.calendar_edits, sla.calendars, sla.holidays, sla.schedule_entries, sla.schedules cascade;
        drop sequence sla.calendar_id_seq;
        drop schema sla;
        """
    )
