create or replace function sla.pause(p_ticket_id uuid, p_reason text default 'manual') returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_ticket helpdesk.tickets;
begin
    if p_reason is distinct from 'manual' then
        raise exception 'pause reason "%" cannot be given by hand', coalesce(p_reason, 'null')
            using errcode = 'SL014', hint = 'The reason is manual; status, awaiting_client and closed follow from the ticket itself.';
    end if;
    v_ticket := sla._held_ticket(p_ticket_id);
    perform sla._set_pauses(
        v_ticket.tenant_id, v_ticket.ticket_id,
        sla._reasons_now(v_ticket, sla._is_closed(v_ticket.tenant_id, v_ticket.ticket_id)) || 'manual'::text,
        greatest(sla.now(), sla._last_transition(v_ticket.tenant_id, v_ticket.ticket_id, v_ticket.entered_at)));
end
$$;
comment on function sla.pause(uuid, text) is
'Pauses the clocks of a ticket by hand until sla.resume; nothing when it is so already. Errors: SL010 unknown ticket, SL014 another reason than manual. Source: semantics §2, Pause.';
