create or replace function sla.set_default_schedule(p_schedule_id uuid) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    if p_schedule_id is not null then
        perform sla._known_schedule(p_schedule_id);
    end if;
    -- First the old one, then the new one: an index allows one default a tenant.
    update sla.schedules s set is_default = false
    where s.tenant_id = v_tenant_id and s.is_default and s.schedule_id is distinct from p_schedule_id;
    update sla.schedules s set is_default = true
    where s.tenant_id = v_tenant_id and s.schedule_id = p_schedule_id and not s.is_default;
end
$$;
comment on function sla.set_default_schedule(uuid) is
'Makes a schedule the one of policies that name none, in place of the present one; null: those count 24x7. Clocks that start later count in it; open ones keep their terms. Errors: SL001 unknown schedule. Source: semantics §1.';
