create or replace function sla._same_terms(p_clock sla.clocks, p_terms sla.terms) returns boolean
language sql immutable parallel safe security invoker
as $$
    select (p_clock.policy_id, p_clock.priority_id, p_clock.calendar_id, p_clock.target, p_clock.percents,
            p_clock.escalation_percents)
        is not distinct from (p_terms.policy_id, p_terms.priority_id, p_terms.calendar_id, p_terms.target,
            p_terms.percents, p_terms.escalation_percents)
$$;
comment on function sla._same_terms(sla.clocks, sla.terms) is 'Whether a clock already counts under these terms.';
