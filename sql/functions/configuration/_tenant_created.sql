create or replace function sla._tenant_created() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into sla.settings (tenant_id) values (new.tenant_id) on conflict do nothing;
    return null;
end
$$;
comment on function sla._tenant_created() is 'Gives each new tenant its row of settings.';
