create or replace function sla._close_ticket(
    p_ticket helpdesk.tickets, p_at timestamptz, p_supplied timestamptz default null
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_clamped jsonb := case when p_supplied <> p_at then '{"clamped": true}' else '{}'::jsonb end;
begin
    perform sla._complete_clock(p_ticket.tenant_id, p_ticket.ticket_id, 'resolution', p_at, v_clamped);
    if (select g.close_completes_response from sla.settings g where g.tenant_id = p_ticket.tenant_id) then
        perform sla._complete_clock(p_ticket.tenant_id, p_ticket.ticket_id, 'response', p_at,
                                    v_clamped || '{"reason": "closed_without_response"}');
    end if;
    perform sla._set_pauses(p_ticket.tenant_id, p_ticket.ticket_id, sla._reasons_now(p_ticket, true), p_at);
end
$$;
comment on function sla._close_ticket(helpdesk.tickets, timestamptz, timestamptz) is
'Closes a ticket at p_at: completes the resolution clock, and the response clock unless a setting says to pause it (semantics §2, Resolution).';
