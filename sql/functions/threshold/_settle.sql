create or replace function sla._settle(
    p_tenant_id uuid, p_ticket_ids uuid[], p_until timestamptz, p_completing boolean default false,
    p_metric text default null, out settled integer, out recorded integer
)
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_event_ids bigint[];
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
        select c.tenant_id, c.ticket_id, c.metric, c.cycle, c.state, c.percents, c.crossings, c.escalation_percents,
               c.next_percent, c.silent_before, least(p_until, c.paused_at) as until
        from sla.clocks c
        where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids)
          and c.state in ('running', 'paused') and c.next_percent is not null
          and (p_metric is null or c.metric = p_metric)
          and c.crossings[array_position(c.percents, c.next_percent)] <= least(p_until, c.paused_at)
    ), crossed as (
        select d.tenant_id, d.ticket_id, d.metric, d.cycle, x.percent, x.crossed_at,
               array_position(d.escalation_percents, x.percent)::smallint as escalation_level,
               coalesce(x.crossed_at < d.silent_before, false)
                   or row_number() over (partition by d.ticket_id, d.metric, d.cycle order by x.percent desc) > 1
                   as superseded
        from due d
        cross join lateral unnest(d.percents, d.crossings) as x (percent, crossed_at)
        where x.percent >= d.next_percent and x.crossed_at <= d.until
          -- Completed exactly at 100 % is met (semantics §3).
          and not (p_completing and x.percent >= 100 and x.crossed_at = p_until)
    ), advanced as (
        update sla.clocks c
        set next_percent = n.percent,
            next_fire_at = case when c.state = 'running' then n.crosses_at end,
            breached_at = coalesce(c.breached_at, b.crossed_at),
            met = case when b.crossed_at is not null then false else c.met end
        from due d
        -- Asked of the clock's own arrays: a join with what was crossed would compare each clock with all.
        left join lateral (
            select x.crossed_at
            from unnest(d.percents, d.crossings) as x (percent, crossed_at)
            where x.percent = 100 and d.next_percent <= 100 and x.crossed_at <= d.until
              and not (p_completing and x.crossed_at = p_until)
        ) b on true
        left join lateral (
            select x.percent, x.crosses_at
            from unnest(d.percents, d.crossings) as x (percent, crosses_at)
            where x.percent >= d.next_percent
              and (x.crosses_at > d.until or (p_completing and x.percent >= 100 and x.crosses_at = p_until))
            order by x.percent limit 1
        ) n on true
        where c.tenant_id = d.tenant_id and c.ticket_id = d.ticket_id and c.metric = d.metric and c.cycle = d.cycle
        returning 1
    ), written as (
        -- The unique index makes settling idempotent: what stands from before is not recorded again.
        insert into sla.threshold_events (
            tenant_id, ticket_id, metric, cycle, percent, kind, crossed_at, recorded_at, escalation_level, superseded)
        select x.tenant_id, x.ticket_id, x.metric, x.cycle, x.percent,
               case when x.percent < 100 then 'warning' else 'breach' end,
               x.crossed_at, sla.now(), x.escalation_level, x.superseded
        from crossed x
        order by x.crossed_at, x.ticket_id, x.metric, x.percent
        on conflict (tenant_id, ticket_id, metric, cycle, percent) where withdrawn_at is null do nothing
        returning event_id
    )
    select (select count(*) from advanced), (select array_agg(w.event_id) from written w)
    into settled, v_event_ids;
    recorded := coalesce(cardinality(v_event_ids), 0);
    if recorded > 0 then
        perform sla._react_to_crossings(p_tenant_id, v_event_ids, p_completing);
    end if;
end
$$;
comment on function sla._settle(uuid, uuid[], timestamptz, boolean, text) is
'Records every percent that the tickets'' open clocks crossed up to p_until, each once, at its exact instant, and advances the clocks (semantics §3). The caller holds the tickets and the clocks. p_completing: the clock completes at p_until.';
