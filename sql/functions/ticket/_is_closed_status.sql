-- A table function, because one in FROM is inlined into its caller's plan; a scalar one with subqueries never is.
create or replace function sla._is_closed_status(p_tenant_id uuid, p_status_id uuid) returns table (is_closed boolean)
language sql stable parallel safe security invoker
as $$
    select coalesce((select s.is_closed from helpdesk.statuses s
                     where s.tenant_id = p_tenant_id and s.status_id = p_status_id), false)
$$;
comment on function sla._is_closed_status(uuid, uuid) is
'Whether tickets in a status are closed; a ticket without status is open; always one row.';
