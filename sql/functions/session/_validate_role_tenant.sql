create or replace function sla._validate_role_tenant() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regrole(quote_ident(new.role_name)) is null then
        raise exception 'role "%" does not exist', new.role_name
            using errcode = 'SL034', hint = 'Create the role before listing its tenants in sla.role_tenants.';
    end if;
    return new;
end
$$;
comment on function sla._validate_role_tenant() is
'Before row, on sla.role_tenants: refuses a role that does not exist (SL034), so that a misspelt one is not taken for listed.';
