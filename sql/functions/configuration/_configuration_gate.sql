create or replace function sla._configuration_gate() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    update sla.settings s set config_version = s.config_version + 1
    where s.tenant_id = v_tenant_id;
    return null;
end
$$;
comment on function sla._configuration_gate() is
'Before each statement on configuration: waits for the tenant''s ticket writes under way, keeps new ones out until commit, and raises config_version.';
