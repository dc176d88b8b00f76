-- A table function, because one in FROM is inlined into its caller's plan; a scalar one with subqueries never is.
create or replace function sla._pausing_reasons(p_tenant_id uuid, p_status_id uuid, p_response_state text)
returns table (reasons text[])
language sql stable parallel safe security invoker
as $$
    select array_remove(array[
        case when (select c.pauses_sla from sla.status_pause_config c
                   where c.tenant_id = p_tenant_id and c.status_id = p_status_id) then 'status' end,
        case when p_response_state = 'awaiting_client'
                  and coalesce((select g.pause_on_awaiting_client from sla.settings g
                                where g.tenant_id = p_tenant_id), true) then 'awaiting_client' end
    ], null)
$$;
comment on function sla._pausing_reasons(uuid, uuid, text) is
'Why a ticket in this status and response state is paused: status, awaiting_client, both or neither; always one row (semantics §2, Pause).';
