create or replace view sla.ticket_timeline with (security_invoker = true) as
select
    l.tenant_id,
    l.ticket_id,
    l.at,
    l.place,
    l.source,
    l.event_type,
    l.metric,
    l.words,
    l.actor,
    l.recorded_at,
    l.cycle,
    l.percent,
    l.reason
from (
    select
        a.tenant_id, a.ticket_id, a.effective_at as at, 2000000000000000 + a.log_id as place, 'audit' as source,
        a.event_type, a.event_data ->> 'metric' as metric,
        sla._audit_words(a.tenant_id, a.event_type, case
            when a.event_type in ('priority_changed', 'policy_changed', 'recalculated') then
                sla._new_terms(a.tenant_id, a.ticket_id, a.log_id, a.event_data)
            else a.event_data end) as words, a.actor, a.created_at as recorded_at,
        (a.event_data ->> 'cycle')::smallint as cycle, (a.event_data ->> 'percent')::smallint as percent,
        coalesce(a.event_data ->> 'reason', a.event_data ->> 'mode') as reason
    from sla.audit_log a
    -- The threshold events say the same, and whether they were withdrawn; that a closed ticket's time does not run
    -- goes without saying.
    where a.event_type not in ('threshold_warning', 'sla_breach')
        and not (a.event_type in ('sla_paused', 'sla_resumed') and a.event_data ->> 'reason' = 'closed')
    union all
    select
        e.tenant_id, e.ticket_id, e.crossed_at, 1000000000000000 + e.event_id, 'threshold',
        e.kind, e.metric,
        e.percent || ' % of the ' || e.metric || ' time is used'
            || case when e.percent = 100 then ': it is overdue' else '' end
            || case when e.withdrawn_at is not null then ' (withdrawn)' else '' end,
        null, e.recorded_at, e.cycle, e.percent,
        case when e.withdrawn_at is not null then 'withdrawn' when e.superseded then 'superseded' end
    from (
        -- In two parts, as the table's indexes are.
        select w.* from sla.threshold_events w where w.withdrawn_at is null
        union all
        select w.* from sla.threshold_events w where w.withdrawn_at is not null
    ) e
    union all
    select
        p.tenant_id, p.ticket_id, p.created_at, 3000000000000000 + min(p.first_id), 'notification',
        p.template, max(p.metric), 'told: ' || string_agg(p.names || ' (' || p.ways || ')', '; ' order by p.first_id),
        null, p.created_at, max(p.cycle), max(p.percent), null
    from (
        -- Whoever was told in the same ways is named together.
        select
            w.tenant_id, w.ticket_id, w.created_at, w.event_id, w.template, w.ways, min(w.first_id) as first_id,
            max(w.metric) as metric, max(w.cycle) as cycle, max(w.percent) as percent,
            string_agg(w.name, ', ' order by w.first_id) as names
        from (
            select
                n.tenant_id, n.ticket_id, n.created_at, n.event_id, n.template, min(n.notification_id) as first_id,
                max(n.payload ->> 'metric') as metric, max((n.payload ->> 'cycle')::smallint) as cycle,
                max((n.payload ->> 'percent')::smallint) as percent, coalesce(u.name, 'nobody by name') as name,
                string_agg(sla._channel_words(n.channel, n.state), ', ' order by n.channel <> 'in_app', n.channel) as ways
            from sla.notifications n
            left join helpdesk.users u on u.tenant_id = n.tenant_id and u.user_id = n.user_id
            group by n.tenant_id, n.ticket_id, n.created_at, n.event_id, n.template, n.user_id, u.name
        ) w
        group by w.tenant_id, w.ticket_id, w.created_at, w.event_id, w.template, w.ways
    ) p
    group by p.tenant_id, p.ticket_id, p.created_at, p.event_id, p.template
) l;
comment on view sla.ticket_timeline is
    'The story of a ticket in words: what its history, its threshold events and its notifications say. Order by at, place.';
comment on column sla.ticket_timeline.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.ticket_timeline.ticket_id is 'The ticket.';
comment on column sla.ticket_timeline.at is 'When it took effect (UTC instant).';
comment on column sla.ticket_timeline.place is 'Order of lines of one instant: what was crossed, what happened, who was told.';
comment on column sla.ticket_timeline.source is 'audit, threshold or notification.';
comment on column sla.ticket_timeline.event_type is 'Type of the audit entry, kind of the threshold event, or template of the notification.';
comment on column sla.ticket_timeline.metric is 'response or resolution, where it is about one of them.';
comment on column sla.ticket_timeline.words is 'What happened, in words.';
comment on column sla.ticket_timeline.actor is 'Who did it; null: nobody in particular.';
comment on column sla.ticket_timeline.recorded_at is 'When it was written down (UTC instant).';
comment on column sla.ticket_timeline.cycle is 'Cycle of the clock that it is about; null: of no one clock.';
comment on column sla.ticket_timeline.percent is 'Percent of the target that was crossed or told of.';
comment on column sla.ticket_timeline.reason is 'Why, as slapg codes it: what pauses (status, awaiting_client, manual), why nothing is promised or tracked, closed_without_response, by hand, how a reopening goes on (continue, restart, ignore); of a threshold: withdrawn (it did not happen after all) or superseded (nobody was told about it by itself).';
