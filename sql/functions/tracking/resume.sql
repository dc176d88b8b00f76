create or replace function sla.resume(p_ticket_id uuid) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_ticket helpdesk.tickets := sla._held_ticket(p_ticket_id);
begin
    perform sla._set_pauses(
        v_ticket.tenant_id, v_ticket.ticket_id,
        array_remove(sla._reasons_now(v_ticket, sla._is_closed(v_ticket.tenant_id, v_ticket.ticket_id)), 'manual'),
        greatest(sla.now(), sla._last_transition(v_ticket.tenant_id, v_ticket.ticket_id, v_ticket.entered_at)));
end
$$;
comment on function sla.resume(uuid) is
'Ends the pause that sla.pause began; the clocks run on unless another reason holds. Errors: SL010 unknown ticket. Source: semantics §2, Pause.';
