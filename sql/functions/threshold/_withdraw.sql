create or replace function sla._withdraw(p_tenant_id uuid, p_events sla.threshold_events[], p_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
begin
    update sla.threshold_events e set withdrawn_at = v_now
    from unnest(p_events) u
    where e.tenant_id = p_tenant_id and e.ticket_id = u.ticket_id and e.event_id = u.event_id;

    -- Locked in the order in which sla.record_deliveries locks them, so that neither ends the other in a deadlock.
    update sla.notifications n set state = 'dropped', next_attempt_at = null
    from (
        select q.notification_id
        from unnest(p_events) u
        join sla.notifications q
            on q.tenant_id = p_tenant_id and q.ticket_id = u.ticket_id and q.event_id = u.event_id
        where q.state = 'pending'
        order by q.notification_id
        for no key update of q
    ) w
    where n.tenant_id = p_tenant_id and n.notification_id = w.notification_id;

    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select p_tenant_id, u.ticket_id, 'breach_withdrawn',
           jsonb_build_object('metric', u.metric, 'cycle', u.cycle, 'crossed_at', u.crossed_at),
           p_at, sla._actor(), v_now
    from unnest(p_events) u
    where u.percent = 100;
end
$$;
comment on function sla._withdraw(uuid, sla.threshold_events[], timestamptz) is
'Marks threshold events as not having happened and drops their unsent notifications (semantics §3, Withdrawing).';
