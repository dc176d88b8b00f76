create or replace function sla._notify_verdict(p_tenant_id uuid, p_ticket_id uuid, p_metric text, p_cycle smallint)
returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_message record;
begin
    select m.assigned_to, m.met, m.payload into v_message
    from sla._clock_message(p_tenant_id, p_ticket_id, p_metric, p_cycle) m;
    perform 1 from helpdesk.users u
    where u.tenant_id = p_tenant_id and u.user_id = v_message.assigned_to for key share;
    if not found then
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        values (p_tenant_id, p_ticket_id, 'notification_skipped',
                jsonb_build_object('metric', p_metric, 'cycle', p_cycle, 'reason', 'no recipient'),
                sla.now(), sla._actor(), sla.now());
        return;
    end if;
    insert into sla.notifications (
        tenant_id, event_id, ticket_id, user_id, channel, template, payload, state, created_at, sent_at)
    select p_tenant_id, b.event_id, p_ticket_id, v_message.assigned_to, 'in_app',
           case when v_message.met then p_metric || '_met' else 'breach' end,
           v_message.payload || case when v_message.met then '{}' else '{"percent": 100, "kind": "breach"}'::jsonb end,
           'sent', sla.now(), sla.now()
    from (values (1)) as one (row)
    left join sla.threshold_events b
        on not v_message.met and b.tenant_id = p_tenant_id and b.ticket_id = p_ticket_id and b.metric = p_metric
        and b.cycle = p_cycle and b.percent = 100 and b.withdrawn_at is null
    where v_message.met or not exists (
        select from sla.notifications n
        join sla.threshold_events e on e.tenant_id = n.tenant_id and e.ticket_id = n.ticket_id
            and e.event_id = n.event_id
        where n.tenant_id = p_tenant_id and n.ticket_id = p_ticket_id and n.user_id = v_message.assigned_to
          and n.template = 'breach' and n.state <> 'dropped'
          and e.metric = p_metric and e.cycle = p_cycle);
end
$$;
comment on function sla._notify_verdict(uuid, uuid, text, smallint) is
'Tells the assignee in-app how a clock ended: met, or breached unless he was told so already (semantics §3, Notifications).';
