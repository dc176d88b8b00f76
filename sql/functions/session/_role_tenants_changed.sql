create or replace function sla._role_tenants_changed() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._mark_listed_roles();
    return null;
end
$$;
comment on function sla._role_tenants_changed() is
'After sla.role_tenants was edited: marks the roles that it lists.';
