create or replace function sla._lock_clocks(p_tenant_id uuid, p_ticket_ids uuid[]) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    -- Tickets first, their clocks in the next statement: one statement that locks the ticket and reads the clock
    -- would read the clock as it was before the wait.
    perform 1 from helpdesk.tickets t
    where t.tenant_id = p_tenant_id and t.ticket_id = any (p_ticket_ids)
    order by t.ticket_id for no key update;
    perform 1 from sla.clocks c
    where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids)
    order by c.ticket_id, c.metric, c.cycle for no key update;
end
$$;
comment on function sla._lock_clocks(uuid, uuid[]) is
'Serialises transitions: locks the tickets, then their clocks, in order of id (semantics §2, Order and time).';
