create or replace function sla._reopen_ticket(p_ticket helpdesk.tickets, p_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_mode text;
    v_resolution sla.clocks;
begin
    select g.reopen_mode into v_mode from sla.settings g where g.tenant_id = p_ticket.tenant_id;
    select c.* into v_resolution from sla._latest_clocks(p_ticket.tenant_id, p_ticket.ticket_id) c
    where c.metric = 'resolution';
    perform sla._set_pauses(p_ticket.tenant_id, p_ticket.ticket_id, sla._reasons_now(p_ticket, false), p_at);
    if v_resolution.state = 'completed' and v_mode = 'continue' then
        perform sla._continue_clock(v_resolution, p_at);
    elsif v_resolution.state = 'completed' and v_mode = 'restart' then
        perform sla._restart_clock(p_ticket, v_resolution, p_at);
    elsif v_resolution.state = 'completed' then
        perform sla._audit(p_ticket.tenant_id, p_ticket.ticket_id, 'sla_reopened', p_at, jsonb_build_object('mode', v_mode));
    end if;
    perform sla._renew_terms(p_ticket, p_at, 'policy_changed');
end
$$;
comment on function sla._reopen_ticket(helpdesk.tickets, timestamptz) is
'Reopens a ticket at p_at: its resolution clock continues, restarts or keeps its result, and terms are resolved anew (semantics §2, Reopen).';
