create or replace function sla._settle(
    p_tenant_id uuid, p_ticket_ids uuid[], p_until timestamptz, p_completing boolean default false,
    p_metric text default null, out settled integer, out recorded integer
)
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
    v_recorded sla.threshold_events[];
    v_imported boolean;
begin
    -- Most transitions cross nothing, and starting the statement below costs more than asking.
    if not exists (
        select from sla.clocks c
        where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids)
          and c.state in ('running', 'paused') and c.next_percent is not null
          and (p_metric is null or c.metric = p_metric)
          and c.crossings[array_position(c.percents, c.next_percent)] <= least(p_until, c.paused_at)
    ) then
        select 0, 0 into settled, recorded;
        return;
    end if;
    with due as (
        select c.ticket_id, c.metric, c.cycle, c.percents, c.crossings, c.escalation_percents, c.silent_before,
               array_position(c.percents, c.next_percent) as first_place, l.last_place,
               array_position(c.percents, 100::smallint) between array_position(c.percents, c.next_percent)
                   and l.last_place as breached
        from sla.clocks c
        -- Percents and their crossings both ascend, so what was crossed is a slice.
        cross join lateral (
            select case
                -- Completed exactly at 100 % is met (semantics §3).
                when p_completing then greatest(
                    width_bucket(least(p_until - interval '1 microsecond', c.paused_at), c.crossings),
                    least(width_bucket(least(p_until, c.paused_at), c.crossings),
                          array_position(c.percents, 100::smallint) - 1))
                else width_bucket(least(p_until, c.paused_at), c.crossings)
            end as last_place
        ) l
        where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids)
          and c.state in ('running', 'paused') and c.next_percent is not null
          and (p_metric is null or c.metric = p_metric)
          and l.last_place >= array_position(c.percents, c.next_percent)
    ), advanced as (
        update sla.clocks c
        set next_percent = d.percents[d.last_place + 1],
            next_fire_at = case when c.state = 'running' then d.crossings[d.last_place + 1] end,
            breached_at = case
                when d.breached then coalesce(c.breached_at, d.crossings[array_position(d.percents, 100::smallint)])
                else c.breached_at
            end,
            met = case when d.breached then false else c.met end
        from due d
        where c.tenant_id = p_tenant_id and c.ticket_id = d.ticket_id and c.metric = d.metric and c.cycle = d.cycle
        returning d.silent_before
    ), crossed as (
        select d.ticket_id, d.metric, d.cycle, x.percent, x.crossed_at,
               array_position(d.escalation_percents, x.percent)::smallint as escalation_level,
               x.percent < d.percents[d.last_place] or coalesce(x.crossed_at < d.silent_before, false) as superseded
        from due d
        -- What stands from before is not recorded again; nobody else records while the caller holds the ticket.
        cross join lateral (
            select array(
                select e.percent from sla.threshold_events e
                where e.tenant_id = p_tenant_id and e.ticket_id = d.ticket_id and e.metric = d.metric
                  and e.cycle = d.cycle and e.withdrawn_at is null) as percents
            offset 0
        ) s
        cross join lateral (
            select unnest(d.percents[d.first_place:d.last_place]) as percent,
                   unnest(d.crossings[d.first_place:d.last_place]) as crossed_at
        ) x
        where x.percent <> all (s.percents)
    ), written as (
        insert into sla.threshold_events as e (
            tenant_id, ticket_id, metric, cycle, percent, kind, crossed_at, recorded_at, escalation_level, superseded)
        select p_tenant_id, x.ticket_id, x.metric, x.cycle, x.percent,
               case when x.percent < 100 then 'warning' else 'breach' end,
               x.crossed_at, v_now, x.escalation_level, x.superseded
        from crossed x
        order by x.crossed_at, x.ticket_id, x.metric, x.percent
        returning e as event
    )
    select a.settled, a.imported, w.events
    into settled, v_imported, v_recorded
    from (select count(*) as settled, bool_or(n.silent_before is not null) as imported from advanced n) a
    cross join (select array_agg(n.event) as events from written n) w;
    recorded := coalesce(cardinality(v_recorded), 0);
    if recorded > 0 then
        perform sla._react_to_crossings(p_tenant_id, v_recorded, p_completing, v_imported);
    end if;
end
$$;
comment on function sla._settle(uuid, uuid[], timestamptz, boolean, text) is
'Records every percent that the tickets'' open clocks crossed up to p_until, each once, at its exact instant, and advances the clocks (semantics §3). The caller holds the tickets and the clocks. p_completing: the clock completes at p_until.';
