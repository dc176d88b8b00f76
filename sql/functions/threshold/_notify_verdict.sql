create or replace function sla._notify_verdict(p_tenant_id uuid, p_ticket_id uuid, p_metric text, p_cycle smallint)
returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_assigned_to uuid;
    v_met boolean;
begin
    select t.assigned_to, c.met into v_assigned_to, v_met
    from helpdesk.tickets t
    join sla.clocks c on c.tenant_id = t.tenant_id and c.ticket_id = t.ticket_id
    where t.tenant_id = p_tenant_id and t.ticket_id = p_ticket_id and c.metric = p_metric and c.cycle = p_cycle;
    if v_assigned_to is null then
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        values (p_tenant_id, p_ticket_id, 'notification_skipped',
                jsonb_build_object('metric', p_metric, 'cycle', p_cycle, 'reason', 'no recipient'),
                sla.now(), sla._actor(), sla.now());
        return;
    end if;
    insert into sla.notifications (
        tenant_id, event_id, ticket_id, user_id, channel, template, payload, state, created_at, sent_at)
    select p_tenant_id, b.event_id, p_ticket_id, v_assigned_to, 'in_app',
           case when v_met then p_metric || '_met' else 'breach' end,
           sla._clock_payload(p_tenant_id, p_ticket_id, p_metric, p_cycle)
               || case when v_met then '{}' else '{"percent": 100, "kind": "breach"}'::jsonb end,
           'sent', sla.now(), sla.now()
    from (values (1)) as one (row)
    left join sla.threshold_events b
        on not v_met and b.tenant_id = p_tenant_id and b.ticket_id = p_ticket_id and b.metric = p_metric
        and b.cycle = p_cycle and b.percent = 100 and b.withdrawn_at is null
    where v_met or not exists (
        select from sla.notifications n
        join sla.threshold_events e on e.tenant_id = n.tenant_id and e.event_id = n.event_id
        where n.tenant_id = p_tenant_id and n.ticket_id = p_ticket_id and n.user_id = v_assigned_to
          and n.template = 'breach' and n.state <> 'dropped'
          and e.metric = p_metric and e.cycle = p_cycle);
end
$$;
comment on function sla._notify_verdict(uuid, uuid, text, smallint) is
'Tells the assignee in-app how a clock ended: met, or breached unless he was told so already (semantics §3, Notifications).';
