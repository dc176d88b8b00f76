create or replace function sla._gain_clock(p_ticket helpdesk.tickets, p_terms sla.terms, p_clock sla.clocks, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_done_at timestamptz := sla._already_done(p_ticket, p_terms.metric);
begin
    if not sla._put_clock(p_ticket, p_terms, coalesce(p_clock.cycle, 1::smallint),
                          coalesce(p_clock.started_at, p_ticket.entered_at), p_at) then
        perform sla._audit(p_ticket.tenant_id, p_ticket.ticket_id, 'sla_not_started', p_at, jsonb_build_object(
            'metric', p_terms.metric,
            'reason', sla._why_not_tracked(p_ticket.tenant_id, p_terms.policy_id, p_terms.priority_id)));
        return '{}'::jsonb;
    end if;
    if v_done_at is not null then
        perform sla._finish_gained(p_ticket, p_terms.metric, v_done_at);
    end if;
    return jsonb_build_object(p_terms.metric, p_terms.definition);
end
$$;
comment on function sla._gain_clock(helpdesk.tickets, sla.terms, sla.clocks, timestamptz) is
'Starts a clock that a ticket gains late, or revives a cancelled one (p_clock), from entered_at (a restarted cycle: from its own start) with the ticket''s pauses; what was already done completes it there (semantics §4).';
