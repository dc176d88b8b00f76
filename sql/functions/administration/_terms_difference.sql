create or replace function sla._terms_difference(p_clock sla.clocks, p_terms sla.terms) returns jsonb
language sql immutable parallel safe security invoker
as $$
    select jsonb_object_agg(w.term, jsonb_build_object('old', o.terms -> w.term, 'new', n.terms -> w.term))
    from (select case when p_clock.metric is not null then sla._clock_terms(p_clock) end as terms) o
    cross join (
        select case when p_terms.metric is not null then p_terms.definition || jsonb_build_object(
            'policy_id', p_terms.policy_id, 'priority_id', p_terms.priority_id) end as terms
    ) n
    cross join unnest('{policy_id,priority_id,calendar_id,target_minutes,percents,escalation_percents}'::text[])
        as w (term)
    where o.terms -> w.term is distinct from n.terms -> w.term
$$;
comment on function sla._terms_difference(sla.clocks, sla.terms) is
'Old and new value of each term in which a clock and the terms that hold now differ; null where there is no clock, or no promise any more.';
