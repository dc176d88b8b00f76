create or replace function sla._notify_crossings(p_tenant_id uuid, p_event_ids bigint[]) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_pending bigint;
begin
    with event as (
        select e.event_id, e.ticket_id, e.metric, e.cycle, e.percent, e.kind, e.superseded, e.crossed_at,
               e.escalation_level, c.policy_id, c.silent_before, t.assigned_to, t.board_id, t.escalation_level as reached
        from unnest(p_event_ids) as u (event_id)
        cross join lateral (
            -- One by one on the full key: without statistics, the planner reads every event of the tenant.
            select e.* from sla.threshold_events e
            where e.tenant_id = p_tenant_id and e.event_id = u.event_id offset 0
        ) e
        join sla.clocks c on c.tenant_id = e.tenant_id and c.ticket_id = e.ticket_id
            and c.metric = e.metric and c.cycle = e.cycle
        join helpdesk.tickets t on t.tenant_id = e.tenant_id and t.ticket_id = e.ticket_id
        where c.silent_before is null or e.crossed_at >= c.silent_before
    ), rule as (
        -- 100 % without a row of its own uses the nearest lower one (semantics §3).
        select v.event_id, v.ticket_id, v.metric, v.cycle, v.percent, v.crossed_at, v.superseded, v.assigned_to,
               v.board_id, v.reached, n.*
        from event v
        join lateral (
            select n.notify_assignee, n.notify_board_manager, n.notify_escalation_manager, n.channels
            from sla.notification_thresholds n
            where n.tenant_id = p_tenant_id and n.policy_id = v.policy_id
              and (n.percent = v.percent or (v.percent = 100 and n.percent < 100))
            order by n.percent desc limit 1
        ) n on true
    ), recipient as (
        select r.ticket_id, r.metric, r.cycle, w.user_id, h.channel
        from rule r
        cross join lateral (
            select r.assigned_to as user_id where r.notify_assignee
            union all
            select b.manager_user_id from helpdesk.boards b
            where r.notify_board_manager and b.tenant_id = p_tenant_id and b.board_id = r.board_id
            union all
            select m.manager_user_id from sla.escalation_managers m
            where r.notify_escalation_manager and m.tenant_id = p_tenant_id and m.board_id = r.board_id
              and m.level <= r.reached
        ) w
        cross join lateral unnest(r.channels) as h (channel)
        where w.user_id is not null
        group by 1, 2, 3, 4, 5
    ), escalated as materialized (
        -- Managers brought in by these very crossings got the escalation message instead.
        select v.ticket_id, v.metric, v.cycle, x.user_id
        from event v
        cross join lateral (
            select x.user_id from sla.notifications x
            where x.tenant_id = p_tenant_id and x.ticket_id = v.ticket_id and x.event_id = v.event_id
              and x.template = 'escalation' and x.user_id is not null
            offset 0
        ) x
        where v.escalation_level is not null
    ), message as materialized (
        -- Said once, however many people are told.
        select v.event_id, v.ticket_id, v.metric, v.cycle, v.kind,
               sla._crossing_payload(p_tenant_id, v.event_id) as payload
        from event v
        where not v.superseded
    ), told as (
        insert into sla.notifications (
            tenant_id, event_id, ticket_id, user_id, channel, template, payload, state, created_at,
            next_attempt_at, sent_at)
        select p_tenant_id, m.event_id, m.ticket_id, r.user_id, r.channel, m.kind,
               m.payload, n.state, sla.now(), n.next_attempt_at, n.sent_at
        from message m
        join recipient r on r.ticket_id = m.ticket_id and r.metric = m.metric and r.cycle = m.cycle
        cross join lateral sla._outbox_state(r.channel) n
        -- "Not in" throughout, which is looked up in a hash; "not exists" would compare each row with all.
        where (m.ticket_id, m.metric, m.cycle, r.user_id) not in (
            select e.ticket_id, e.metric, e.cycle, e.user_id from escalated e)
        returning state
    ), skipped as (
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        select p_tenant_id, r.ticket_id, 'notification_skipped',
               jsonb_build_object('metric', r.metric, 'cycle', r.cycle, 'percent', r.percent, 'reason', 'no recipient'),
               r.crossed_at, sla._actor(), sla.now()
        from rule r
        where not r.superseded
          and (r.ticket_id, r.metric, r.cycle) not in (select w.ticket_id, w.metric, w.cycle from recipient w)
    )
    select count(*) from told t where t.state = 'pending' into v_pending;
    if v_pending > 0 then
        perform pg_notify('slapg', '');
    end if;
end
$$;
comment on function sla._notify_crossings(uuid, bigint[]) is
'Writes who is told about threshold events: one row a recipient and channel, about the highest percent of each clock, with the recipients of all (semantics §3, Notifications).';
