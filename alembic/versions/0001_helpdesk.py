"""The tables that applications write: tenants, people, boards, tickets, comments.

Revision ID: 0001
Revises: 0000
"""

from slapg.migrations.revision import run_sql

revision = "0001"
down_revision = "0000"
branch_labels = None
depends_on = None

IDENTITY_SQL = r"""
create schema if not exists helpdesk;
comment on schema helpdesk is 'What applications write: tickets, comments and the people and boards around them.';

create function helpdesk.current_tenant() returns uuid
language sql stable parallel safe
begin atomic
    select coalesce(
        nullif(pg_catalog.current_setting('slapg.tenant_id', true), ''),
        '00000000-0000-0000-0000-000000000001'
    )::uuid;
end;
comment on function helpdesk.current_tenant() is
    'The tenant that this session acts for: setting slapg.tenant_id, else the default tenant. Source: architecture, Data.';

create function helpdesk.new_id() returns uuid
language sql volatile parallel safe
begin atomic
    select pg_catalog.encode(
        pg_catalog.set_bit(pg_catalog.set_bit(
            pg_catalog.overlay(
                pg_catalog.uuid_send(pg_catalog.gen_random_uuid()),
                pg_catalog.substring(
                    pg_catalog.int8send((extract(epoch from pg_catalog.clock_timestamp()) * 1000)::bigint), 3),
                1, 6),
            52, 1), 53, 1),
        'hex')::uuid;
end;
comment on function helpdesk.new_id() is
    'A time-ordered identifier (UUID version 7, RFC 9562): new rows land at the end of their index, so indexes stay dense.';

create sequence helpdesk.ticket_number_seq;
comment on sequence helpdesk.ticket_number_seq is 'Numbers for tickets whose application supplies none.';
"""

PEOPLE_SQL = r"""
create table helpdesk.tenants (
    tenant_id uuid not null default helpdesk.new_id(),
    name text not null,
    constraint tenants_pkey primary key (tenant_id)
);
comment on table helpdesk.tenants is 'One row an organisation whose service desk is tracked; a desk on its own uses the default tenant.';
comment on column helpdesk.tenants.tenant_id is 'Identifier of the tenant; leads the key of every other table.';
comment on column helpdesk.tenants.name is 'Name of the organisation.';
insert into helpdesk.tenants (tenant_id, name) values ('00000000-0000-0000-0000-000000000001', 'default');

create table helpdesk.users (
    tenant_id uuid not null default helpdesk.current_tenant(),
    user_id uuid not null default helpdesk.new_id(),
    name text not null,
    email text,
    is_internal boolean not null default true,
    constraint users_pkey primary key (tenant_id, user_id),
    constraint users_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id)
);
comment on table helpdesk.users is 'People: the staff of the service desk and the contacts of its clients.';
comment on column helpdesk.users.tenant_id is 'Tenant that the user belongs to.';
comment on column helpdesk.users.user_id is 'Identifier of the user.';
comment on column helpdesk.users.name is 'Name as people read it.';
comment on column helpdesk.users.email is 'Address for e-mail notifications; null: none are sent.';
comment on column helpdesk.users.is_internal is 'True for the staff of the service desk, false for a contact of a client.';

create table helpdesk.clients (
    tenant_id uuid not null default helpdesk.current_tenant(),
    client_id uuid not null default helpdesk.new_id(),
    name text not null,
    sla_policy_id uuid,
    constraint clients_pkey primary key (tenant_id, client_id),
    constraint clients_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id)
);
comment on table helpdesk.clients is 'Customers of the service desk.';
comment on column helpdesk.clients.tenant_id is 'Tenant that serves the client.';
comment on column helpdesk.clients.client_id is 'Identifier of the client.';
comment on column helpdesk.clients.name is 'Name of the client.';
comment on column helpdesk.clients.sla_policy_id is 'SLA policy of the client''s tickets; null: the board''s, else the default. Applies to clocks that start later (semantics §4).';

create table helpdesk.boards (
    tenant_id uuid not null default helpdesk.current_tenant(),
    board_id uuid not null default helpdesk.new_id(),
    name text not null,
    manager_user_id uuid,
    sla_policy_id uuid,
    constraint boards_pkey primary key (tenant_id, board_id),
    constraint boards_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id),
    constraint boards_manager_fkey foreign key (tenant_id, manager_user_id)
        references helpdesk.users (tenant_id, user_id) on delete set null (manager_user_id)
);
comment on table helpdesk.boards is 'Queues of tickets, each with its statuses, its manager and maybe its SLA policy.';
comment on column helpdesk.boards.tenant_id is 'Tenant that owns the board.';
comment on column helpdesk.boards.board_id is 'Identifier of the board.';
comment on column helpdesk.boards.name is 'Name of the board.';
comment on column helpdesk.boards.manager_user_id is 'Who is told at the thresholds that notify the board manager.';
comment on column helpdesk.boards.sla_policy_id is 'SLA policy of the board''s tickets where the client has none; null: the default. Applies to clocks that start later.';

create table helpdesk.priorities (
    tenant_id uuid not null default helpdesk.current_tenant(),
    priority_id uuid not null default helpdesk.new_id(),
    name text not null,
    rank integer not null default 0,
    itil_level smallint,
    archived_at timestamptz,
    constraint priorities_pkey primary key (tenant_id, priority_id),
    constraint priorities_itil_level_range check (itil_level between 1 and 5),
    constraint priorities_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id)
);
comment on table helpdesk.priorities is 'Priorities of tickets; an SLA policy promises a target for each.';
comment on column helpdesk.priorities.tenant_id is 'Tenant that owns the priority.';
comment on column helpdesk.priorities.priority_id is 'Identifier of the priority.';
comment on column helpdesk.priorities.name is 'Name of the priority.';
comment on column helpdesk.priorities.rank is 'Order in lists, the most urgent first.';
comment on column helpdesk.priorities.itil_level is 'ITIL level 1 (Critical) to 5 (Planning) that impact and urgency lead to; null: not an ITIL priority.';
comment on column helpdesk.priorities.archived_at is 'When it was retired; kept so that old clocks still explain themselves.';

create table helpdesk.statuses (
    tenant_id uuid not null default helpdesk.current_tenant(),
    status_id uuid not null default helpdesk.new_id(),
    board_id uuid,
    name text not null,
    is_closed boolean not null default false,
    archived_at timestamptz,
    constraint statuses_pkey primary key (tenant_id, status_id),
    constraint statuses_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id),
    constraint statuses_board_fkey foreign key (tenant_id, board_id) references helpdesk.boards (tenant_id, board_id)
);
comment on table helpdesk.statuses is 'Statuses that a ticket can be in.';
comment on column helpdesk.statuses.tenant_id is 'Tenant that owns the status.';
comment on column helpdesk.statuses.status_id is 'Identifier of the status.';
comment on column helpdesk.statuses.board_id is 'Board whose tickets use the status; null: every board.';
comment on column helpdesk.statuses.name is 'Name of the status.';
comment on column helpdesk.statuses.is_closed is 'True when a ticket in this status is closed: entering it completes the resolution clock.';
comment on column helpdesk.statuses.archived_at is 'When it was retired; kept so that old clocks still explain themselves.';
"""

TICKETS_SQL = r"""
create table helpdesk.tickets (
    tenant_id uuid not null default helpdesk.current_tenant(),
    ticket_id uuid not null default helpdesk.new_id(),
    ticket_number text not null default pg_catalog.nextval('helpdesk.ticket_number_seq')::text,
    title text not null default '',
    client_id uuid,
    board_id uuid,
    priority_id uuid,
    status_id uuid,
    assigned_to uuid,
    response_state text,
    entered_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    closed_at timestamptz,
    due_date timestamptz,
    sla_policy_id uuid,
    escalated boolean not null default false,
    escalation_level smallint not null default 0,
    escalated_at timestamptz,
    attributes jsonb not null default '{}',
    constraint tickets_pkey primary key (tenant_id, ticket_id),
    constraint tickets_number_key unique (tenant_id, ticket_number),
    constraint tickets_response_state_known check (response_state in ('awaiting_client', 'awaiting_internal')),
    constraint tickets_escalation_level_range check (escalation_level between 0 and 3),
    constraint tickets_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id),
    constraint tickets_client_fkey foreign key (tenant_id, client_id) references helpdesk.clients (tenant_id, client_id),
    constraint tickets_board_fkey foreign key (tenant_id, board_id) references helpdesk.boards (tenant_id, board_id),
    constraint tickets_priority_fkey foreign key (tenant_id, priority_id)
        references helpdesk.priorities (tenant_id, priority_id),
    constraint tickets_status_fkey foreign key (tenant_id, status_id)
        references helpdesk.statuses (tenant_id, status_id),
    constraint tickets_assigned_to_fkey foreign key (tenant_id, assigned_to)
        references helpdesk.users (tenant_id, user_id) on delete set null (assigned_to)
) with (fillfactor = 90);
create index tickets_status_idx on helpdesk.tickets (tenant_id, status_id);
create index tickets_client_idx on helpdesk.tickets (tenant_id, client_id);
create index tickets_board_idx on helpdesk.tickets (tenant_id, board_id);
comment on table helpdesk.tickets is 'The tickets. Any application writes them; triggers keep their SLA clocks in the same transaction.';
comment on column helpdesk.tickets.tenant_id is 'Tenant that owns the ticket.';
comment on column helpdesk.tickets.ticket_id is 'Identifier of the ticket; cannot be changed.';
comment on column helpdesk.tickets.ticket_number is 'Number that people quote; drawn from a sequence when the application supplies none.';
comment on column helpdesk.tickets.title is 'What the ticket is about, in a line.';
comment on column helpdesk.tickets.client_id is 'Client who asks; its SLA policy goes before the board''s.';
comment on column helpdesk.tickets.board_id is 'Board that the ticket lies on.';
comment on column helpdesk.tickets.priority_id is 'Priority; selects the target within the policy.';
comment on column helpdesk.tickets.status_id is 'Status; a closed one completes the resolution clock, a pausing one pauses the clocks.';
comment on column helpdesk.tickets.assigned_to is 'Who works on it and is warned first.';
comment on column helpdesk.tickets.response_state is 'Whose turn it is: awaiting_client (pauses the clocks unless a setting says otherwise), awaiting_internal, or null.';
comment on column helpdesk.tickets.entered_at is 'When the ticket began (UTC instant); its clocks start here. Later edits are audited and ignored.';
comment on column helpdesk.tickets.updated_at is 'When the application last changed it; SLA rules do not read it.';
comment on column helpdesk.tickets.closed_at is 'When it was closed, if the closing statement says so; replaces the time of the statement as the instant of the resolution.';
comment on column helpdesk.tickets.due_date is 'Date promised to people: filled with the resolution due time when null and kept in step; a value that somebody sets is theirs.';
comment on column helpdesk.tickets.sla_policy_id is 'SLA policy chosen for this ticket; null: the client''s, the board''s, else the default.';
comment on column helpdesk.tickets.escalated is 'True once an escalation level was reached.';
comment on column helpdesk.tickets.escalation_level is 'Highest escalation level reached, 0 (none) to 3; never lowered.';
comment on column helpdesk.tickets.escalated_at is 'When the present escalation level was reached (UTC instant of the crossing).';
comment on column helpdesk.tickets.attributes is 'Whatever else the application keeps with a ticket; SLA rules do not read it.';

create table helpdesk.comments (
    tenant_id uuid not null default helpdesk.current_tenant(),
    comment_id uuid not null default helpdesk.new_id(),
    ticket_id uuid not null,
    author_id uuid,
    author_type text not null,
    is_internal boolean not null default false,
    body text not null default '',
    created_at timestamptz not null default now(),
    constraint comments_pkey primary key (tenant_id, comment_id),
    constraint comments_author_type_known check (author_type in ('internal', 'client', 'system')),
    constraint comments_ticket_fkey foreign key (tenant_id, ticket_id)
        references helpdesk.tickets (tenant_id, ticket_id) on delete cascade,
    constraint comments_author_fkey foreign key (tenant_id, author_id)
        references helpdesk.users (tenant_id, user_id) on delete set null (author_id)
);
create index comments_ticket_idx on helpdesk.comments (tenant_id, ticket_id, created_at);
comment on table helpdesk.comments is 'Comments on tickets; the first public one by the staff is the response.';
comment on column helpdesk.comments.tenant_id is 'Tenant that owns the comment.';
comment on column helpdesk.comments.comment_id is 'Identifier of the comment.';
comment on column helpdesk.comments.ticket_id is 'Ticket that it belongs to.';
comment on column helpdesk.comments.author_id is 'Who wrote it.';
comment on column helpdesk.comments.author_type is 'internal (staff), client, or system (an automatic message, never a response).';
comment on column helpdesk.comments.is_internal is 'True when only the staff sees it; an internal note is no response.';
comment on column helpdesk.comments.body is 'Text of the comment.';
comment on column helpdesk.comments.created_at is 'When it was written (UTC instant); for a response it replaces the time of the statement.';

create table helpdesk.ticket_resources (
    tenant_id uuid not null default helpdesk.current_tenant(),
    ticket_id uuid not null,
    user_id uuid not null,
    role text not null,
    constraint ticket_resources_pkey primary key (tenant_id, ticket_id, user_id),
    constraint ticket_resources_ticket_fkey foreign key (tenant_id, ticket_id)
        references helpdesk.tickets (tenant_id, ticket_id) on delete cascade,
    constraint ticket_resources_user_fkey foreign key (tenant_id, user_id)
        references helpdesk.users (tenant_id, user_id) on delete cascade
);
comment on table helpdesk.ticket_resources is 'Who else works on a ticket, and as what.';
comment on column helpdesk.ticket_resources.tenant_id is 'Tenant that owns the ticket.';
comment on column helpdesk.ticket_resources.ticket_id is 'Ticket that is worked on.';
comment on column helpdesk.ticket_resources.user_id is 'Who works on it.';
comment on column helpdesk.ticket_resources.role is 'As what; escalation gives the manager of level n the role escalation_manager_Ln.';
"""


def upgrade() -> None:
    run_sql(IDENTITY_SQL)
    run_sql(PEOPLE_SQL)
    run_sql(TICKETS_SQL)


def downgrade() -> None:
    run_sql("drop schema helpdesk cascade;")
