-- helpdesk.current_tenant() must tell without reading a table whether a role is listed. The right REFERENCES on
-- sla.role_tenants, which serves nothing else, says so: the server keeps rights, also inherited ones, in its caches.
create or replace function sla._mark_listed_roles() returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_role record;
begin
    for v_role in
        select k.* from (
            select r.rolname, r.rolname in (select l.role_name from sla.role_tenants l) as is_listed,
                   r.oid in (
                       select a.grantee from pg_class c, aclexplode(c.relacl) a
                       where c.oid = 'sla.role_tenants'::regclass and a.privilege_type = 'REFERENCES'
                   ) as is_marked
            from pg_roles r
            where r.rolname <> 'slapg_owner'
        ) k
        where k.is_listed <> k.is_marked
    loop
        if v_role.is_listed then
            execute format('grant references on sla.role_tenants to %I', v_role.rolname);
        else
            execute format('revoke references on sla.role_tenants from %I', v_role.rolname);
        end if;
    end loop;
end
$$;
comment on function sla._mark_listed_roles() is
'Brings the mark by which helpdesk.current_tenant() knows a listed role (the right REFERENCES on sla.role_tenants) in line with the rows. A listed role that does not exist is passed over until it does.';
