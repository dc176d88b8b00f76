create or replace function sla._is_under_way(p_tenant_id uuid, p_ticket_id uuid) returns boolean
language plpgsql stable parallel safe security invoker
as $$
begin
    return not sla._is_closed(p_tenant_id, p_ticket_id) or exists (
        select from sla.clocks c
        where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.state in ('running', 'paused'));
end
$$;
comment on function sla._is_under_way(uuid, uuid) is
'Whether something of a ticket is still to be done: it is not closed, or a clock of it is open all the same.';
