create or replace function sla.remove_channel(p_channel text) returns boolean
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    delete from sla.channels c where c.tenant_id = v_tenant_id and c.channel = p_channel;
    return found;
end
$$;
comment on function sla.remove_channel(text) is
'A channel stands for nothing any more; false when it did not. What is pending on it waits until there is one of that name again; email goes by the listener''s own mail server.';
