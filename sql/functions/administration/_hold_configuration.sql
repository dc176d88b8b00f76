create or replace function sla._hold_configuration() returns uuid
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    perform pg_catalog.pg_advisory_xact_lock(sla._gate_key(helpdesk.current_tenant()));
    return helpdesk.current_tenant();
end
$$;
comment on function sla._hold_configuration() is
'Takes the current tenant''s configuration lock before anything is read, so that what is read stays true until commit, and returns the tenant.';
