create or replace function sla._notify_crossings(
    p_tenant_id uuid, p_events sla.threshold_events[], p_raising bigint[]
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
    -- Channels that are told of an event once, whoever its recipients are.
    v_impersonal text[] := array(
        select c.channel from sla.channels c where c.tenant_id = p_tenant_id and c.kind <> 'email');
    v_has_quiet_hours boolean := exists (
        select from sla.recipient_preferences p where p.tenant_id = p_tenant_id and p.schedule_id is not null);
    v_pending bigint;
begin
    -- No two sets are joined: each row asks for what it needs on full keys, so that the time grows with the clocks
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
    ), audience as (
        -- What many clocks say to the same people for the same reasons: who they are is asked once.
        select s.template, s.level, m.policy_id, m.board_id, m.assigned_to, m.escalation_level, k.percents,
               k.raised_levels, array_agg(e.event) as events, array_agg(e.payload) as payloads
        from clock k
        cross join lateral sla._clock_message(p_tenant_id, k.ticket_id, k.metric, k.cycle) m
        cross join lateral (
            select u as event, u.kind, u.superseded, u.escalation_level,
                   m.payload || jsonb_build_object('percent', u.percent, 'kind', u.kind, 'crossed_at', u.crossed_at,
                                                   'escalation_level', u.escalation_level) as payload
            from unnest(k.events) u
            offset 0
        ) e
        cross join lateral (
            select 'escalation' as template, e.escalation_level as level
            where e.escalation_level = any (k.raised_levels)
            union all
            select e.kind, null where not e.superseded
        ) s
        group by s.template, s.level, m.policy_id, m.board_id, m.assigned_to, m.escalation_level, k.percents,
                 k.raised_levels
    ), addressed as materialized (
        select a.template, a.level, a.policy_id, a.events, a.payloads, r.user_ids, r.channels,
               array(
                   select g.manager_user_id from sla.escalation_managers g
                   where g.tenant_id = p_tenant_id and g.board_id = a.board_id and g.level = any (a.raised_levels)
               ) as brought,
               -- Where an escalation of these crossings is told, of a higher level than this message's.
               case when v_impersonal <> '{}' then array(
                   select c.channel from sla.escalation_managers g cross join lateral unnest(g.notify_via) as c (channel)
                   where g.tenant_id = p_tenant_id and g.board_id = a.board_id and g.level = any (a.raised_levels)
                     and (a.template <> 'escalation' or g.level > a.level)
               ) end as escalated_on
        from audience a
        cross join lateral (
            select array_agg(d.user_id) as user_ids, array_agg(d.channel) as channels
            from (
                select distinct w.user_id, h.channel
                from (
                    select g.manager_user_id as user_id, g.notify_via as channels
                    from sla.escalation_managers g
                    where a.template = 'escalation' and g.tenant_id = p_tenant_id and g.board_id = a.board_id
                      and g.level = a.level
                    union all
                    select p.user_id, n.channels
                    from sla.notification_thresholds n
                    cross join lateral (
                        select null::uuid as user_id where n.channels && v_impersonal
                        union all
                        select a.assigned_to where n.notify_assignee
                        union all
                        select b.manager_user_id from helpdesk.boards b
                        where n.notify_board_manager and b.tenant_id = p_tenant_id and b.board_id = a.board_id
                        union all
                        select g.manager_user_id from sla.escalation_managers g
                        where n.notify_escalation_manager and g.tenant_id = p_tenant_id and g.board_id = a.board_id
                          and g.level <= a.escalation_level
                    ) p
                    where a.template <> 'escalation' and n.tenant_id = p_tenant_id and n.policy_id = a.policy_id
                      -- 100 % without a row of its own uses the nearest lower one (semantics §3).
                      and (n.percent = any (a.percents) or (100 = any (a.percents) and n.percent = (
                          select max(l.percent) from sla.notification_thresholds l
                          where l.tenant_id = p_tenant_id and l.policy_id = a.policy_id and l.percent <= 100)))
                ) w
                cross join lateral unnest(w.channels) as h (channel)
                where w.user_id is not null or h.channel = any (v_impersonal)
            ) d
        ) r
    ), present as materialized (
        -- Held once, not checked once a row as a foreign key would.
        select u.user_id, u.name, u.email,
               case when v_has_quiet_hours then sla._quiet_until(p_tenant_id, u.user_id, v_now) end as quiet_until
        from (select distinct w.user_id from addressed a cross join lateral unnest(a.user_ids) as w (user_id)) w
        cross join lateral (
            select k.user_id, k.name, k.email from helpdesk.users k
            where k.tenant_id = p_tenant_id and k.user_id = w.user_id for key share offset 0
        ) u
    ), told as (
        insert into sla.notifications (
            tenant_id, event_id, ticket_id, user_id, channel, template, payload, state, created_at,
            next_attempt_at, sent_at)
        select p_tenant_id, (e.event).event_id, (e.event).ticket_id, r.user_id, r.channel, a.template,
               case when r.recipients is null then e.payload
                    else e.payload || jsonb_build_object('event_id', (e.event).event_id, 'recipients', r.recipients)
               end,
               r.state, v_now, r.next_attempt_at, r.sent_at
        from (select * from addressed a order by a.template <> 'escalation', a.level) a
        cross join lateral (
            select w.user_id, w.channel, n.state, n.next_attempt_at, n.sent_at, null::jsonb as recipients
            from unnest(a.user_ids, a.channels) as w (user_id, channel)
            cross join lateral (
                select case when a.template = 'warning' and w.channel <> 'in_app' then ((
                    -- Found once for all rows, and there are few: most people are told at any time, or work now.
                    select jsonb_object_agg(p.user_id, p.quiet_until) from present p where p.quiet_until > v_now
                ) ->> w.user_id::text)::timestamptz end as quiet_until
            ) q
            cross join lateral sla._outbox_state(w.channel, coalesce(q.quiet_until, v_now)) n
            -- "is true": looked up by hash, where the planner would join a table that it believes to be small.
            where (w.user_id in (select p.user_id from present p)) is true and w.channel <> all (v_impersonal)
              -- Managers whom these very crossings brought in get the escalation message instead.
              and (a.template = 'escalation' or w.user_id <> all (a.brought))
            union all
            select null, w.channel, n.state, n.next_attempt_at, n.sent_at,
                   coalesce(jsonb_agg(q.person order by q.person ->> 'name', w.user_id) filter (
                       where q.person is not null and (a.template = 'escalation' or w.user_id <> all (a.brought))), '[]')
            from unnest(a.user_ids, a.channels) as w (user_id, channel)
            cross join lateral (
                select (
                    select jsonb_object_agg(p.user_id, jsonb_build_object('name', p.name, 'email', p.email)) from present p
                ) -> w.user_id::text as person
            ) q
            cross join lateral sla._outbox_state(w.channel, v_now) n
            -- The first condition ends it at once where there is no such channel.
            where v_impersonal <> '{}' and w.channel = any (v_impersonal) and w.channel <> all (a.escalated_on)
            group by w.channel, n.state, n.next_attempt_at, n.sent_at
            offset 0
        ) r
        cross join lateral (select unnest(a.events) as event, unnest(a.payloads) as payload) e
        returning state
    ), skipped as (
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        select p_tenant_id, e.ticket_id, 'notification_skipped',
               jsonb_build_object('metric', e.metric, 'cycle', e.cycle, 'percent', e.percent, 'reason', 'no recipient'),
               e.crossed_at, sla._actor(), v_now
        from addressed a
        cross join lateral unnest(a.events) e
        where a.user_ids is null and a.template <> 'escalation' and exists (
            select from sla.notification_thresholds n
            where n.tenant_id = p_tenant_id and n.policy_id = a.policy_id
              and (n.percent = e.percent or (e.percent = 100 and n.percent < 100)))
    )
    select count(*) from told t where t.state = 'pending' into v_pending;
    if v_pending > 0 then
        perform pg_notify('slapg', '');
    end if;
end
$$;
comment on function sla._notify_crossings(uuid, sla.threshold_events[], bigint[]) is
'Writes who is told about threshold events: one row a recipient and personal channel (in_app, e-mail; a warning outside of the recipient''s working hours waits for them), one row a channel of another kind, with its recipients in the payload (an escalation rather than the threshold message, of several levels the highest); about the highest percent of each clock, with the recipients of all; and the managers whom the raising events (by event_id) bring in (semantics §3, Notifications, Escalation).';
