create or replace function sla._restart_clock(p_ticket helpdesk.tickets, p_clock sla.clocks, p_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_terms sla.terms;
begin
    select t.* into v_terms
    from sla._applicable_policy(p_ticket.tenant_id, p_ticket.sla_policy_id, p_ticket.client_id, p_ticket.board_id) a
    join sla.terms t on t.tenant_id = p_ticket.tenant_id and t.policy_id = a.policy_id
        and t.priority_id = p_ticket.priority_id and t.metric = p_clock.metric;
    if v_terms.metric is null
       or not sla._put_clock(p_ticket, v_terms, (p_clock.cycle + 1)::smallint, p_at, p_at) then
        perform sla._audit(p_ticket.tenant_id, p_ticket.ticket_id, 'sla_not_started', p_at, jsonb_build_object(
            'metric', p_clock.metric, 'reason', coalesce(
                sla._why_not_tracked(p_ticket.tenant_id, v_terms.policy_id, p_ticket.priority_id), 'no_target')));
        return;
    end if;
    perform sla._audit(p_ticket.tenant_id, p_ticket.ticket_id, 'sla_reopened', p_at, jsonb_build_object(
        'mode', 'restart', 'cycle', p_clock.cycle + 1, 'policy_id', v_terms.policy_id,
        'priority_id', v_terms.priority_id, 'terms', jsonb_build_object(p_clock.metric, v_terms.definition)));
    perform sla._hand_over_due_date(p_clock);
end
$$;
comment on function sla._restart_clock(helpdesk.tickets, sla.clocks, timestamptz) is
'Starts the next cycle of a completed clock at p_at with a fresh target, paused as the ticket is; the old cycle stays for reports.';
