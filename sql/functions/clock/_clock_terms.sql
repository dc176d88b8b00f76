create or replace function sla._clock_terms(p_clock sla.clocks) returns jsonb
language sql immutable parallel safe security invoker
as $$
    select jsonb_build_object(
        'policy_id', p_clock.policy_id,
        'priority_id', p_clock.priority_id,
        'calendar_id', p_clock.calendar_id,
        'target_minutes', (extract(epoch from p_clock.target) / 60)::integer,
        'percents', to_jsonb(p_clock.percents),
        'escalation_percents', to_jsonb(p_clock.escalation_percents))
$$;
comment on function sla._clock_terms(sla.clocks) is
'The terms that a clock counts under, in the words of the audit log: keys of sla.terms.definition, policy and priority.';
