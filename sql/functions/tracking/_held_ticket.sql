create or replace function sla._held_ticket(p_ticket_id uuid) returns helpdesk.tickets
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_ticket helpdesk.tickets;
begin
    perform sla._enter_gate(helpdesk.current_tenant());
    if sla._calendar_edits_pending() then
        perform sla._flush_calendar_edits();
    end if;
    perform sla._lock_clocks(helpdesk.current_tenant(), array[p_ticket_id]);
    perform sla._touch_ticket(helpdesk.current_tenant(), p_ticket_id);
    select t.* into v_ticket from helpdesk.tickets t
    where t.tenant_id = helpdesk.current_tenant() and t.ticket_id = p_ticket_id;
    if not found then
        raise exception 'ticket % is unknown', coalesce(p_ticket_id::text, 'null')
            using errcode = 'SL010', hint = 'Give the ticket_id of a ticket of this tenant.';
    end if;
    return v_ticket;
end
$$;
comment on function sla._held_ticket(uuid) is
'Locks a ticket of the current tenant for a transition by hand, so that no transaction with an older snapshot overlooks it, and returns it. Errors: SL010 when it is unknown.';
