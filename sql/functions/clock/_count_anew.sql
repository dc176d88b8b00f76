create or replace function sla._count_anew(
    p_tenant_id uuid, p_ticket_ids uuid[], p_at timestamptz, p_completing boolean default false,
    p_calendar_id bigint default null
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_older bigint[] := sla._older_versions(p_tenant_id, p_calendar_id);
    v_unsettled uuid[];
begin
    perform set_config('slapg.keeping_due_date', 'yes', true);
    with counted as (
        update sla.clocks c
        set calendar_id = n.calendar_id, crossings = n.crossings, due_at = n.due_at,
            next_percent = c.percents[n.place + 1],
            next_fire_at = case when c.state = 'running' then n.crossings[n.place + 1] end,
            changed_at = greatest(c.changed_at, p_at)
        from (
            select o.ticket_id, o.metric, o.cycle, o.due_at as old_due_at, k.calendar_id, x.crossings,
                   x.crossings[array_position(o.percents, 100::smallint)] as due_at,
                   case when s.is_settled then b.place else 0 end as place, s.is_settled
            from sla.clocks o
            cross join lateral (
                select case when o.calendar_id = any (v_older) then p_calendar_id else o.calendar_id end as calendar_id
            ) k
            cross join lateral (
                select sla._project(o.tenant_id, o.ticket_id, k.calendar_id, o.started_at,
                                    sla._amounts(o.target, o.percents)) as crossings offset 0
            ) x
            cross join lateral (
                select width_bucket(least(p_at, o.paused_at), x.crossings) as place offset 0
            ) b
            cross join lateral (
                -- Most clocks have crossed what they had crossed before: nothing is to be recorded or withdrawn.
                select not p_completing
                    and coalesce(array_agg(e.percent order by e.percent), '{}') = o.percents[1:b.place]
                    and coalesce(max(e.crossed_at) <= least(p_at, o.paused_at), true)
                    -- A clock that is revived has a breach to get back.
                    and o.breached_at is not distinct from max(e.crossed_at) filter (where e.percent = 100)
                    as is_settled
                from sla.threshold_events e
                where e.tenant_id = p_tenant_id and e.ticket_id = o.ticket_id and e.metric = o.metric
                  and e.cycle = o.cycle and e.withdrawn_at is null
                offset 0
            ) s
            where o.tenant_id = p_tenant_id and o.ticket_id = any (p_ticket_ids) and o.state in ('running', 'paused')
        ) n
        where c.tenant_id = p_tenant_id and c.ticket_id = n.ticket_id and c.metric = n.metric and c.cycle = n.cycle
          and n.crossings is not null
        returning c.ticket_id, c.keeps_due_date, c.due_at, n.old_due_at, n.is_settled
    ), dated as (
        update helpdesk.tickets t set due_date = k.due_at
        from counted k
        where t.tenant_id = p_tenant_id and t.ticket_id = k.ticket_id and k.keeps_due_date
          and t.due_date is distinct from k.due_at
          and (t.due_date is null or sla._in_step(t.due_date, k.old_due_at))
    )
    select array_agg(distinct k.ticket_id) into v_unsettled from counted k where not k.is_settled;
    perform set_config('slapg.keeping_due_date', '', true);

    if v_unsettled is not null then
        perform sla._withdraw_undone(p_tenant_id, v_unsettled, p_at);
        perform sla._settle(p_tenant_id, v_unsettled, p_at, p_completing);
    end if;
end
$$;
comment on function sla._count_anew(uuid, uuid[], timestamptz, boolean, bigint) is
'After the terms or the pauses of open clocks changed at p_at: counts them anew from their start, withdraws what did not happen, records what did, keeps due_date in step (semantics §2-§4). p_calendar_id: a new version of a schedule, to which the clocks that count in an older one move.';
