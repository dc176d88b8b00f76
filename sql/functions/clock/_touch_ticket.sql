create or replace function sla._touch_ticket(p_tenant_id uuid, p_ticket_id uuid) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    -- A row that was only locked meanwhile does not stop a REPEATABLE READ transaction; one that was updated does.
    update helpdesk.tickets t set title = t.title
    where t.tenant_id = p_tenant_id and t.ticket_id = p_ticket_id;
end
$$;
comment on function sla._touch_ticket(uuid, uuid) is
'For a transition that writes neither the ticket nor its clocks: a transaction that still reads the state before it then fails with 40001 instead of overlooking it (semantics §2, Order and time).';
