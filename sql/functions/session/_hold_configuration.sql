create or replace function sla._hold_configuration() returns uuid
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_tenant_id uuid := helpdesk.current_tenant();
begin
    perform pg_catalog.pg_advisory_xact_lock(sla._gate_key(v_tenant_id));
    return v_tenant_id;
end
$$;
comment on function sla._hold_configuration() is
'Takes the current tenant''s configuration lock before anything is read, so that what is read stays true until commit, and returns the tenant.';
