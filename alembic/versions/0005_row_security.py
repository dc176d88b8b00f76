"""Who may act for which tenant, and row-level security by tenant on every table.

Revision ID: 0005
Revises: 0004
"""

from slapg.migrations.revision import run_sql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROLE_TENANTS_SQL = r"""
create table sla.role_tenants (
    tenant_id uuid not null,
    role_name name not null,
    constraint role_tenants_pkey primary key (tenant_id, role_name),
    constraint role_tenants_tenant_fkey foreign key (tenant_id) references helpdesk.tenants (tenant_id) on delete cascade
);
comment on table sla.role_tenants is 'Which tenants a database role, and whoever is a member of it, may act for. A role that is listed nowhere acts for the default tenant; members of slapg_all_tenants act for all.';
comment on column sla.role_tenants.tenant_id is 'Tenant that the role may choose with setting slapg.tenant_id.';
comment on column sla.role_tenants.role_name is 'Name of the role.';
"""

# Column defaults and policies depend on these functions, so they belong to a revision and not to sql/. Each ticket
# that is inserted asks several times: all but the last are inlined and read nothing but the server's caches.
CURRENT_TENANT_SQL = r"""
create function helpdesk._acting_role() returns name
language sql stable parallel safe
begin atomic
    -- Not current_user: inside a security definer function everybody is the owner.
    select case pg_catalog.current_setting('role')
        when 'none' then session_user
        else pg_catalog.current_setting('role')::name
    end;
end;
comment on function helpdesk._acting_role() is
    'The role whose tenants count: the one taken on with SET ROLE, else the one that logged in.';

create function helpdesk._acts_for_all_tenants() returns boolean
language sql stable parallel safe
begin atomic
    select pg_catalog.pg_has_role(
        helpdesk._acting_role(), pg_catalog.to_regrole('slapg_all_tenants')::oid, 'usage');
end;
comment on function helpdesk._acts_for_all_tenants() is
    'Whether the acting role may choose any tenant: a superuser, or a member of slapg_all_tenants. Null before that role exists.';

create function helpdesk._granted_tenant() returns uuid
language plpgsql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_role name := helpdesk._acting_role();
    v_setting text := nullif(current_setting('slapg.tenant_id', true), '');
    v_default uuid := '00000000-0000-0000-0000-000000000001'::uuid;
    v_tenant_id uuid;
begin
    if v_setting not like '________-____-____-____-____________'
       or translate(v_setting, '0123456789abcdefABCDEF', '') <> '----' then
        raise exception 'setting slapg.tenant_id is no tenant: %', v_setting
            using errcode = 'SL033', hint = 'Set it to a tenant_id of helpdesk.tenants, or reset slapg.tenant_id.';
    end if;
    v_tenant_id := coalesce(v_setting::uuid, v_default);
    if exists (select from sla.role_tenants r where r.tenant_id = v_tenant_id and r.role_name = v_role) then
        return v_tenant_id;
    end if;
    -- Through a role that it is a member of. A role that was dropped has no number, and so no members.
    if exists (
        select from sla.role_tenants r
        where r.tenant_id = v_tenant_id and pg_has_role(v_role, to_regrole(quote_ident(r.role_name))::oid, 'usage')
    ) or v_tenant_id = v_default and not exists (
        select from sla.role_tenants r where pg_has_role(v_role, to_regrole(quote_ident(r.role_name))::oid, 'usage')
    ) then
        return v_tenant_id;
    end if;
    raise exception 'role % may not act for tenant %', v_role, v_tenant_id
        using errcode = 'SL032', hint = case
            when v_setting is null then
                'Choose a tenant that sla.role_tenants lists for the role: set slapg.tenant_id, or have an '
                'administrator run ALTER ROLE … SET slapg.tenant_id.'
            else 'An administrator lists it in sla.role_tenants; or reset slapg.tenant_id.'
        end;
end
$$;
comment on function helpdesk._granted_tenant() is
    'The tenant of setting slapg.tenant_id, else the default one, if sla.role_tenants lets the acting role act for it. Errors: SL032 when it does not, SL033 when the setting is no tenant.';

create or replace function helpdesk.current_tenant() returns uuid
language sql stable parallel safe
begin atomic
    select case
        -- Nobody chose, and the role is listed nowhere (see sla._mark_listed_roles): most sessions end here.
        when coalesce(pg_catalog.current_setting('slapg.tenant_id', true), '') = ''
            and not pg_catalog.has_table_privilege(
                helpdesk._acting_role(), 'sla.role_tenants'::pg_catalog.regclass, 'references')
            then '00000000-0000-0000-0000-000000000001'::uuid
        when helpdesk._acts_for_all_tenants() and (
            coalesce(pg_catalog.current_setting('slapg.tenant_id', true), '') = ''
            or pg_catalog.current_setting('slapg.tenant_id') like '________-____-____-____-____________'
            and pg_catalog.translate(
                pg_catalog.current_setting('slapg.tenant_id'), '0123456789abcdefABCDEF', '') = '----')
            then coalesce(
                nullif(pg_catalog.current_setting('slapg.tenant_id', true), ''),
                '00000000-0000-0000-0000-000000000001')::uuid
        else helpdesk._granted_tenant()
    end;
end;
comment on function helpdesk.current_tenant() is
    'The tenant that this session acts for: setting slapg.tenant_id, else the default tenant. A role acts for the tenants that sla.role_tenants lists for it, for the default tenant when it is listed nowhere, for all as a member of slapg_all_tenants. Errors: SL032 for another tenant, SL033 when the setting is no tenant. Source: architecture, Data; measured, Tenants and roles.';
"""

# Not forced: the owner, whom security definer functions and foreign keys run as, passes. The subselect makes the
# tenant a constant of the query, found once, with which an index is searched.
ENABLE_SQL = r"""
do $$
declare
    v_table regclass;
begin
    for v_table in
        select c.oid
        from pg_catalog.pg_class c
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace) and c.relkind in ('r', 'p')
        order by c.oid
    loop
        execute pg_catalog.format('alter table %s enable row level security', v_table);
        execute pg_catalog.format(
            'create policy slapg_tenant on %s using (tenant_id = (select helpdesk.current_tenant()))', v_table);
    end loop;
end
$$;

-- Whoever acts for all tenants sees who there are and says who may act for them, without choosing each first.
create policy slapg_all_tenants on helpdesk.tenants using ((select helpdesk._acts_for_all_tenants()));
create policy slapg_all_tenants on sla.role_tenants using ((select helpdesk._acts_for_all_tenants()));

-- A sweep serves all tenants, and its row counts what it did for all of them together.
alter table sla.sweep_runs enable row level security;
create policy slapg_everybody on sla.sweep_runs using (true);
"""

DISABLE_SQL = r"""
do $$
declare
    v_policy record;
begin
    for v_policy in
        select p.polname as name, p.polrelid::regclass as of_table
        from pg_catalog.pg_policy p
        join pg_catalog.pg_class c on c.oid = p.polrelid
        where c.relnamespace in ('helpdesk'::regnamespace, 'sla'::regnamespace) and p.polname like 'slapg\_%'
    loop
        execute pg_catalog.format('drop policy %I on %s', v_policy.name, v_policy.of_table);
        execute pg_catalog.format('alter table %s disable row level security', v_policy.of_table);
    end loop;
end
$$;

create or replace function helpdesk.current_tenant() returns uuid
language sql stable parallel safe
begin atomic
    select coalesce(
        nullif(pg_catalog.current_setting('slapg.tenant_id', true), ''),
        '00000000-0000-0000-0000-000000000001'
    )::uuid;
end;
comment on function helpdesk.current_tenant() is
    'The tenant that this session acts for: setting slapg.tenant_id, else the default tenant. Source: architecture, Data.';
drop function helpdesk._granted_tenant();
drop function helpdesk._acts_for_all_tenants();
drop function helpdesk._acting_role();
drop table sla.role_tenants;
"""


def upgrade() -> None:
    run_sql(ROLE_TENANTS_SQL)
    run_sql(CURRENT_TENANT_SQL)
    run_sql(ENABLE_SQL)


def downgrade() -> None:
    run_sql(DISABLE_SQL)
