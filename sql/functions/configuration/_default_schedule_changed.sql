create or replace function sla._default_schedule_changed() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._compile_terms(p.tenant_id, p.policy_id)
    from sla.policies p
    where p.tenant_id = new.tenant_id and p.schedule_id is null;
    return null;
end
$$;
comment on function sla._default_schedule_changed() is
'After another schedule became the default: later clocks of policies without one count in it.';
