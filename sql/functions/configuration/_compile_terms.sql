create or replace function sla._compile_terms(p_tenant_id uuid, p_policy_id uuid) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    delete from sla.terms t where t.tenant_id = p_tenant_id and t.policy_id = p_policy_id;
    insert into sla.terms (tenant_id, policy_id, priority_id, metric, calendar_id, target, percents, amounts,
                           escalation_percents, definition)
    select t.tenant_id, t.policy_id, t.priority_id, m.metric, c.calendar_id, m.target, c.percents,
           sla._amounts(m.target, c.percents), e.escalation_percents,
           pg_catalog.jsonb_build_object(
               'calendar_id', c.calendar_id,
               'target_minutes', m.minutes,
               'percents', pg_catalog.to_jsonb(c.percents),
               'escalation_percents', pg_catalog.to_jsonb(e.escalation_percents))
    from sla.policy_targets t
    join sla.policies p on p.tenant_id = t.tenant_id and p.policy_id = t.policy_id
    cross join lateral (
        select m.metric, m.minutes, m.minutes * interval '1 minute' as target
        from (values ('response', t.response_minutes), ('resolution', t.resolution_minutes)) as m (metric, minutes)
        where m.minutes is not null
    ) m
    cross join lateral (
        select array[t.escalation_1_percent, t.escalation_2_percent, t.escalation_3_percent] as escalation_percents
    ) e
    cross join lateral (
        select (
            select s.calendar_id from sla.schedules s
            where not t.is_24x7 and s.tenant_id = t.tenant_id
              and s.schedule_id = sla._policy_schedule(p.tenant_id, p.schedule_id)
        ) as calendar_id, array(
            select n.percent from sla.notification_thresholds n
            where n.tenant_id = t.tenant_id and n.policy_id = t.policy_id
            union select e1.percent from pg_catalog.unnest(e.escalation_percents) as e1 (percent)
            where e1.percent is not null
            union select 100::smallint
            order by 1
        ) as percents
    ) c
    where t.tenant_id = p_tenant_id and t.policy_id = p_policy_id and p.archived_at is null;
end
$$;
comment on function sla._compile_terms(uuid, uuid) is
'Compiles what a policy promises into sla.terms, for clocks that start from now on (semantics §3: thresholds, escalation percents and 100).';
