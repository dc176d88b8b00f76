create or replace function sla._renew_terms(
    p_ticket helpdesk.tickets, p_at timestamptz, p_cause text, p_completing boolean default false
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_policy_id uuid := (
        select a.policy_id
        from sla._applicable_policy(p_ticket.tenant_id, p_ticket.sla_policy_id, p_ticket.client_id, p_ticket.board_id) a);
    v_metric text;
    v_clock sla.clocks;
    v_terms sla.terms;
    v_renewed jsonb := '{}'::jsonb;
    v_old jsonb := '{}'::jsonb;
begin
    perform sla._settle(p_ticket.tenant_id, array[p_ticket.ticket_id], p_at, p_completing);
    for v_metric in
        select c.metric from sla._latest_clocks(p_ticket.tenant_id, p_ticket.ticket_id) c
        union
        select t.metric from sla.terms t
        where t.tenant_id = p_ticket.tenant_id and t.policy_id = v_policy_id and t.priority_id = p_ticket.priority_id
        order by 1
    loop
        select c.* into v_clock from sla._latest_clocks(p_ticket.tenant_id, p_ticket.ticket_id) c
        where c.metric = v_metric;
        select t.* into v_terms from sla.terms t
        where t.tenant_id = p_ticket.tenant_id and t.policy_id = v_policy_id and t.priority_id = p_ticket.priority_id
          and t.metric = v_metric;
        if v_clock.state in ('running', 'paused') and v_terms.metric is null then
            perform sla._cancel_clock(v_clock, p_at, case when v_policy_id is null then 'no_policy' else 'no_target' end);
        elsif v_clock.state in ('running', 'paused') and not sla._same_terms(v_clock, v_terms) then
            v_renewed := v_renewed || sla._change_terms(v_clock, v_terms, p_at);
            v_old := v_old || jsonb_build_object(v_metric, sla._clock_terms(v_clock));
        elsif v_terms.metric is not null and (
            v_clock.metric is null or (v_clock.state = 'cancelled' and v_clock.cancel_reason <> 'manual')
        ) then
            v_renewed := v_renewed || sla._gain_clock(p_ticket, v_terms, v_clock, p_at);
        end if;
    end loop;
    if v_renewed <> '{}' and p_completing then
        -- A sweep at this very instant may have recorded what the completion makes good: the new terms judge afresh.
        perform sla._withdraw(p_ticket.tenant_id, array_agg(e), p_at)
        from sla.threshold_events e
        join sla.clocks c on c.tenant_id = e.tenant_id and c.ticket_id = e.ticket_id and c.metric = e.metric
            and c.cycle = e.cycle and c.state in ('running', 'paused')
        where e.tenant_id = p_ticket.tenant_id and e.ticket_id = p_ticket.ticket_id and e.withdrawn_at is null
          and e.percent >= 100 and e.crossed_at = p_at
        having count(*) > 0;
    end if;
    if v_renewed <> '{}' then
        perform sla._audit(p_ticket.tenant_id, p_ticket.ticket_id, p_cause, p_at, jsonb_build_object(
            'policy_id', v_policy_id, 'priority_id', p_ticket.priority_id, 'terms', v_renewed,
            'old_terms', nullif(v_old, '{}')));
        perform sla._count_anew(p_ticket.tenant_id, array[p_ticket.ticket_id], p_at, p_completing);
    end if;
end
$$;
comment on function sla._renew_terms(helpdesk.tickets, timestamptz, text, boolean) is
'Resolves a ticket''s policy and targets anew at p_at: open clocks take the new terms, clocks are gained, revived or cancelled; completed ones keep theirs (semantics §4).';
