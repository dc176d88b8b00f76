create or replace function sla._react_to_crossings(
    p_tenant_id uuid, p_events sla.threshold_events[], p_completing boolean, p_imported boolean
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_events sla.threshold_events[] := p_events;
    v_raising bigint[];
begin
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select e.tenant_id, e.ticket_id,
           case e.kind when 'warning' then 'threshold_warning' else 'sla_breach' end,
           jsonb_build_object('metric', e.metric, 'cycle', e.cycle, 'percent', e.percent),
           e.crossed_at, a.actor, e.recorded_at
    from (select sla._actor() as actor offset 0) a
    cross join unnest(p_events) e;

    if p_imported then
        -- History that an import brings along tells nobody and escalates nothing.
        select array_agg(e) into v_events
        from unnest(p_events) e
        cross join lateral (
            select c.silent_before from sla.clocks c
            where c.tenant_id = p_tenant_id and c.ticket_id = e.ticket_id and c.metric = e.metric and c.cycle = e.cycle
            offset 0
        ) c
        where c.silent_before is null or e.crossed_at >= c.silent_before;
    end if;
    v_raising := sla._escalate(p_tenant_id, v_events);
    if not p_completing then
        perform sla._notify_crossings(p_tenant_id, v_events, v_raising);
    end if;
end
$$;
comment on function sla._react_to_crossings(uuid, sla.threshold_events[], boolean, boolean) is
'What follows from threshold events in the same transaction: audit, escalation, notification rows. A completion tells nobody but by its verdict (semantics §3). p_imported: some may be history of an import.';
