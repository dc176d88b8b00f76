create or replace function sla._sync_ticket_pauses(p_tenant_id uuid, p_ticket_ids uuid[]) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_ticket helpdesk.tickets;
    v_at timestamptz;
begin
    perform sla._lock_clocks(p_tenant_id, p_ticket_ids);
    for v_ticket in
        select t.* from helpdesk.tickets t
        where t.tenant_id = p_tenant_id and t.ticket_id = any (p_ticket_ids)
          and not sla._is_closed(t.tenant_id, t.ticket_id)
        order by t.ticket_id
    loop
        v_at := greatest(sla.now(), sla._last_transition(p_tenant_id, v_ticket.ticket_id, v_ticket.entered_at));
        if (select s.is_closed from sla._is_closed_status(p_tenant_id, v_ticket.status_id) s) then
            perform sla._close_ticket(v_ticket, v_at);
        else
            perform sla._set_pauses(p_tenant_id, v_ticket.ticket_id, sla._reasons_now(v_ticket, false), v_at);
        end if;
    end loop;
end
$$;
comment on function sla._sync_ticket_pauses(uuid, uuid[]) is
'Makes the pauses of open tickets what the configuration says now, at now: never backwards (semantics §2, Pause, last point).';
