create or replace function sla._react_to_crossings(p_tenant_id uuid, p_event_ids bigint[], p_completing boolean)
returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select e.tenant_id, e.ticket_id,
           case e.kind when 'warning' then 'threshold_warning' else 'sla_breach' end,
           jsonb_build_object('metric', e.metric, 'cycle', e.cycle, 'percent', e.percent),
           e.crossed_at, sla._actor(), sla.now()
    from unnest(p_event_ids) as u (event_id)
    cross join lateral (
        -- One by one on the full key: without statistics, the planner reads every event of the tenant.
        select e.* from sla.threshold_events e
        where e.tenant_id = p_tenant_id and e.event_id = u.event_id offset 0
    ) e;

    perform sla._escalate(p_tenant_id, p_event_ids, p_completing);
    if not p_completing then
        perform sla._notify_crossings(p_tenant_id, p_event_ids);
    end if;
end
$$;
comment on function sla._react_to_crossings(uuid, bigint[], boolean) is
'What follows from threshold events in the same transaction: audit, escalation, notification rows. A completion tells nobody but by its verdict (semantics §3).';
