create or replace function sla._escalate(p_tenant_id uuid, p_event_ids bigint[], p_completing boolean) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_pending bigint;
begin
    if not exists (
        select from unnest(p_event_ids) as u (event_id)
        cross join lateral (
            -- One by one on the full key: without statistics, the planner reads every event of the tenant.
            select e.escalation_level from sla.threshold_events e
            where e.tenant_id = p_tenant_id and e.event_id = u.event_id offset 0
        ) e
        where e.escalation_level is not null
    ) then
        return;
    end if;
    with reached as (
        -- History that an import brings along escalates nothing.
        select e.ticket_id, t.board_id, e.escalation_level as level, min(e.crossed_at) as crossed_at,
               min(e.event_id) as event_id
        from unnest(p_event_ids) as u (event_id)
        cross join lateral (
            select e.* from sla.threshold_events e
            where e.tenant_id = p_tenant_id and e.event_id = u.event_id offset 0
        ) e
        join helpdesk.tickets t on t.tenant_id = e.tenant_id and t.ticket_id = e.ticket_id
        join sla.clocks c on c.tenant_id = e.tenant_id and c.ticket_id = e.ticket_id
            and c.metric = e.metric and c.cycle = e.cycle
        where e.escalation_level > t.escalation_level
          and (c.silent_before is null or e.crossed_at >= c.silent_before)
        group by e.ticket_id, t.board_id, e.escalation_level
    ), highest as (
        select r.ticket_id, max(r.level) as level, max(r.crossed_at) as crossed_at from reached r group by r.ticket_id
    ), raised as (
        update helpdesk.tickets t
        set escalation_level = h.level, escalated = true, escalated_at = h.crossed_at
        from highest h
        where t.tenant_id = p_tenant_id and t.ticket_id = h.ticket_id
        returning t.ticket_id
    ), brought as (
        select r.ticket_id, r.level, r.crossed_at, r.event_id, m.manager_user_id, m.notify_via
        from reached r
        left join sla.escalation_managers m
            on m.tenant_id = p_tenant_id and m.board_id = r.board_id and m.level = r.level
    ), resourced as (
        insert into helpdesk.ticket_resources as tr (tenant_id, ticket_id, user_id, role)
        select distinct on (b.ticket_id, b.manager_user_id)
               p_tenant_id, b.ticket_id, b.manager_user_id, 'escalation_manager_L' || b.level
        from brought b
        where b.manager_user_id is not null
        order by b.ticket_id, b.manager_user_id, b.level desc
        on conflict (tenant_id, ticket_id, user_id) do update set role = excluded.role
        where tr.role like 'escalation\_manager\_L_'
    ), message as materialized (
        -- Said once, however many channels carry it.
        select b.event_id, b.ticket_id, b.manager_user_id, b.notify_via,
               sla._crossing_payload(p_tenant_id, b.event_id) as payload
        from brought b
        where b.manager_user_id is not null and not p_completing
    ), told as (
        insert into sla.notifications (
            tenant_id, event_id, ticket_id, user_id, channel, template, payload, state, created_at,
            next_attempt_at, sent_at)
        select p_tenant_id, m.event_id, m.ticket_id, m.manager_user_id, v.channel, 'escalation',
               m.payload, n.state, sla.now(), n.next_attempt_at, n.sent_at
        from message m
        cross join lateral (select distinct u.channel from unnest(m.notify_via) as u (channel)) v
        cross join lateral sla._outbox_state(v.channel) n
        returning state
    ), audited as (
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        select p_tenant_id, b.ticket_id, 'escalated',
               jsonb_build_object('level', b.level, 'manager_user_id', b.manager_user_id),
               b.crossed_at, sla._actor(), sla.now()
        from brought b
        order by b.ticket_id, b.level
    )
    select count(*) from told t where t.state = 'pending' into v_pending;
    if v_pending > 0 then
        perform pg_notify('slapg', '');
    end if;
end
$$;
comment on function sla._escalate(uuid, bigint[], boolean) is
'Raises the escalation level of tickets whose clocks crossed an escalation percent, brings in the board''s managers of each level passed and tells them (semantics §3, Escalation).';
