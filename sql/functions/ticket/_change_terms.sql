create or replace function sla._change_terms(p_clock sla.clocks, p_terms sla.terms, p_at timestamptz) returns jsonb
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    if sla._project(p_clock.tenant_id, p_clock.ticket_id, p_terms.calendar_id, p_clock.started_at, p_terms.amounts)
       is null then
        perform sla._cancel_clock(p_clock, p_at, 'error');
        return '{}'::jsonb;
    end if;
    update sla.clocks c
    set policy_id = p_terms.policy_id, priority_id = p_terms.priority_id, calendar_id = p_terms.calendar_id,
        target = p_terms.target, percents = p_terms.percents, escalation_percents = p_terms.escalation_percents
    where c.tenant_id = p_clock.tenant_id and c.ticket_id = p_clock.ticket_id and c.metric = p_clock.metric
      and c.cycle = p_clock.cycle;
    return jsonb_build_object(p_clock.metric, p_terms.definition);
end
$$;
comment on function sla._change_terms(sla.clocks, sla.terms, timestamptz) is
'Writes new terms into an open clock (to be counted anew by the caller) and returns them for the audit log; a clock that they cannot count is cancelled.';
