-- PL/pgSQL because it keeps its plan: SQL functions with a subquery are not inlined, and are planned at every call.
create or replace function sla._is_closed_status(p_tenant_id uuid, p_status_id uuid) returns boolean
language plpgsql stable parallel safe security invoker
as $$
begin
    return coalesce((select s.is_closed from helpdesk.statuses s
                     where s.tenant_id = p_tenant_id and s.status_id = p_status_id), false);
end
$$;
comment on function sla._is_closed_status(uuid, uuid) is 'Whether tickets in a status are closed; a ticket without status is open.';
