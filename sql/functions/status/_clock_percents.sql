create or replace function sla._clock_percents(p_clock sla.clocks)
returns table (
    percent smallint, kind text, crosses_at timestamptz, is_recorded boolean, escalation_level smallint, told text)
language sql stable parallel safe security invoker
as $$
    select x.percent,
        case when x.percent < 100 then 'warning' else 'breach' end,
        case
            when e.event_id is not null then e.crossed_at
            when p_clock.state = 'running' or x.crosses_at <= p_clock.paused_at then x.crosses_at
        end,
        e.event_id is not null,
        array_position(p_clock.escalation_percents, x.percent)::smallint,
        (
            select string_agg(n.words, '; ' order by n.words)
            from (
                -- Whoever was told in the same ways is named together.
                select string_agg(w.name, ', ' order by w.name) || ' (' || w.ways || ')' as words
                from (
                    select coalesce(u.name, 'nobody by name') as name, string_agg(
                        distinct sla._channel_words(n.channel, n.state), ', '
                        order by sla._channel_words(n.channel, n.state) desc) as ways
                    from sla.notifications n
                    left join helpdesk.users u on u.tenant_id = n.tenant_id and u.user_id = n.user_id
                    where n.tenant_id = e.tenant_id and n.ticket_id = e.ticket_id and n.event_id = e.event_id
                    group by n.user_id, u.name
                ) w
                group by w.ways
            ) n
        )
    from unnest(p_clock.percents, p_clock.crossings) as x(percent, crosses_at)
    left join sla.threshold_events e
        on e.tenant_id = p_clock.tenant_id and e.ticket_id = p_clock.ticket_id and e.metric = p_clock.metric
        and e.cycle = p_clock.cycle and e.percent = x.percent and e.withdrawn_at is null
    where e.event_id is not null or p_clock.state in ('running', 'paused')
    order by x.percent
$$;
comment on function sla._clock_percents(sla.clocks) is
    'Percents that a clock crossed and who was told, and for an open clock those to come (crosses_at null while it is paused). Source: semantics §3.';
