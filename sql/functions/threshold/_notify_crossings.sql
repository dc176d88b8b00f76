create or replace function sla._notify_crossings(
    p_tenant_id uuid, p_events sla.threshold_events[], p_raising bigint[]
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
    v_pending bigint;
begin
    -- No two sets are joined: each clock asks for what it needs on full keys, so that the time grows with the clocks
    -- whatever the planner believes.
    with clock as (
        select e.ticket_id, e.metric, e.cycle, array_agg(e.percent) as percents,
               array_agg(e.escalation_level) filter (where e.is_raising) as raised_levels,
               array_agg(e.event) filter (where e.is_raising or not e.superseded) as events
        from (
            select u as event, u.ticket_id, u.metric, u.cycle, u.percent, u.escalation_level, u.superseded,
                   u.event_id in (select r.event_id from unnest(p_raising) as r (event_id)) as is_raising
            from unnest(p_events) u
            offset 0
        ) e
        group by e.ticket_id, e.metric, e.cycle
    ), message as materialized (
        select k.ticket_id, k.metric, k.cycle, k.events, k.raised_levels, m.policy_id, m.board_id, m.payload,
               r.user_ids, r.channels,
               -- Managers whom these very crossings brought in get the escalation message instead.
               array(
                   select g.manager_user_id from sla.escalation_managers g
                   where g.tenant_id = p_tenant_id and g.board_id = m.board_id and g.level = any (k.raised_levels)
               ) as brought
        from clock k
        cross join lateral sla._clock_message(p_tenant_id, k.ticket_id, k.metric, k.cycle) m
        cross join lateral (
            select array_agg(d.user_id) as user_ids, array_agg(d.channel) as channels
            from (
                select distinct w.user_id, h.channel
                from sla.notification_thresholds n
                cross join lateral (
                    select m.assigned_to as user_id where n.notify_assignee
                    union all
                    select b.manager_user_id from helpdesk.boards b
                    where n.notify_board_manager and b.tenant_id = p_tenant_id and b.board_id = m.board_id
                    union all
                    select g.manager_user_id from sla.escalation_managers g
                    where n.notify_escalation_manager and g.tenant_id = p_tenant_id and g.board_id = m.board_id
                      and g.level <= m.escalation_level
                ) w
                cross join lateral unnest(n.channels) as h (channel)
                where n.tenant_id = p_tenant_id and n.policy_id = m.policy_id and w.user_id is not null
                  -- 100 % without a row of its own uses the nearest lower one (semantics §3).
                  and (n.percent = any (k.percents) or (100 = any (k.percents) and n.percent = (
                      select max(l.percent) from sla.notification_thresholds l
                      where l.tenant_id = p_tenant_id and l.policy_id = m.policy_id and l.percent <= 100)))
            ) d
        ) r
    ), present as materialized (
        -- Held once, not checked once a row as a foreign key would.
        select u.user_id
        from (
            select distinct w.user_id
            from message m
            cross join lateral unnest(m.user_ids || m.brought) as w (user_id)
        ) w
        cross join lateral (
            select k.user_id from helpdesk.users k
            where k.tenant_id = p_tenant_id and k.user_id = w.user_id for key share offset 0
        ) u
    ), told as (
        insert into sla.notifications (
            tenant_id, event_id, ticket_id, user_id, channel, template, payload, state, created_at,
            next_attempt_at, sent_at)
        select p_tenant_id, e.event_id, m.ticket_id, w.user_id, w.channel, w.template, e.payload, n.state, v_now,
               n.next_attempt_at, n.sent_at
        from message m
        cross join lateral (
            -- Said once, however many people are told.
            select u.event_id, u.kind, u.superseded, u.escalation_level,
                   u.escalation_level = any (m.raised_levels) as is_raising,
                   m.payload || jsonb_build_object('percent', u.percent, 'kind', u.kind, 'crossed_at', u.crossed_at,
                                                   'escalation_level', u.escalation_level) as payload
            from unnest(m.events) u
            offset 0
        ) e
        cross join lateral (
            select g.manager_user_id as user_id, v.channel, 'escalation' as template
            from sla.escalation_managers g
            cross join lateral (select distinct h.channel from unnest(g.notify_via) as h (channel)) v
            where e.is_raising and g.tenant_id = p_tenant_id and g.board_id = m.board_id and g.level = e.escalation_level
            union all
            select r.user_id, r.channel, e.kind
            from unnest(m.user_ids, m.channels) as r (user_id, channel)
            where not e.superseded and r.user_id <> all (m.brought)
        ) w
        cross join lateral sla._outbox_state(w.channel, v_now) n
        where w.user_id in (select p.user_id from present p)
        returning state
    ), skipped as (
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        select p_tenant_id, m.ticket_id, 'notification_skipped',
               jsonb_build_object('metric', m.metric, 'cycle', m.cycle, 'percent', e.percent, 'reason', 'no recipient'),
               e.crossed_at, sla._actor(), v_now
        from message m
        cross join lateral unnest(m.events) e
        where m.user_ids is null and not e.superseded and exists (
            select from sla.notification_thresholds n
            where n.tenant_id = p_tenant_id and n.policy_id = m.policy_id
              and (n.percent = e.percent or (e.percent = 100 and n.percent < 100)))
    )
    select count(*) from told t where t.state = 'pending' into v_pending;
    if v_pending > 0 then
        perform pg_notify('slapg', '');
    end if;
end
$$;
comment on function sla._notify_crossings(uuid, sla.threshold_events[], bigint[]) is
'Writes who is told about threshold events: one row a recipient and channel, about the highest percent of each clock, with the recipients of all; and the managers whom the raising events (by event_id) bring in (semantics §3, Notifications, Escalation).';
