create or replace function sla._withdraw(p_tenant_id uuid, p_event_ids bigint[], p_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    update sla.threshold_events e set withdrawn_at = sla.now()
    where e.tenant_id = p_tenant_id and e.event_id = any (p_event_ids);

    update sla.notifications n set state = 'dropped', next_attempt_at = null
    where n.tenant_id = p_tenant_id and n.event_id = any (p_event_ids) and n.state = 'pending'
      and n.ticket_id in (select e.ticket_id from sla.threshold_events e
                          where e.tenant_id = p_tenant_id and e.event_id = any (p_event_ids));

    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select e.tenant_id, e.ticket_id, 'breach_withdrawn',
           jsonb_build_object('metric', e.metric, 'cycle', e.cycle, 'crossed_at', e.crossed_at),
           p_at, sla._actor(), sla.now()
    from sla.threshold_events e
    where e.tenant_id = p_tenant_id and e.event_id = any (p_event_ids) and e.percent = 100;
end
$$;
comment on function sla._withdraw(uuid, bigint[], timestamptz) is
'Marks threshold events as not having happened and drops their unsent notifications (semantics §3, Withdrawing).';
