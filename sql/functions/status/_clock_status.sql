create or replace function sla._clock_status(p_tenant_id uuid, p_ticket_id uuid, p_at timestamptz)
returns table (
    metric text, cycle smallint, state text, policy text, target interval, started_at timestamptz,
    due_at timestamptz, completed_at timestamptz, elapsed interval, remaining interval, percent numeric,
    paused boolean, reason text, met boolean)
language sql stable parallel unsafe security invoker
as $$
    select c.metric, c.cycle, w.state, p.name, c.target, c.started_at, d.due_at, w.completed_at, e.elapsed,
        case when w.state in ('running', 'paused') then c.target - e.elapsed end,
        sla._percent(e.elapsed, c.target),
        w.state = 'paused',
        case w.state when 'paused' then h.reasons when 'cancelled' then c.cancel_reason end,
        case
            when w.state = 'cancelled' then null
            when w.state = 'completed' then case when p_at >= c.changed_at then c.met else w.completed_at <= d.due_at end
            when w.state = 'running' and d.due_at < p_at then false
            when c.breached_at <= p_at then false
        end
    from sla.clocks c
    join sla.policies p on p.tenant_id = c.tenant_id and p.policy_id = c.policy_id
    cross join lateral (
        select sla._pause_reasons(c.tenant_id, c.ticket_id, p_at) as reasons
    ) h
    cross join lateral (
        select
            case when c.completed_at <= p_at then c.completed_at end as completed_at,
            case
                when c.completed_at <= p_at then 'completed'
                when c.state = 'cancelled' and c.changed_at <= p_at then 'cancelled'
                when h.reasons is not null then 'paused'
                else 'running'
            end as state
    ) w
    cross join lateral (select sla._due_at(c, p_at) as due_at) d
    cross join lateral (select sla._clock_elapsed(c, p_at) as elapsed) e
    where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and (c.started_at <= p_at or p_at >= sla.now())
    order by array_position(array['response', 'resolution'], c.metric), c.metric, c.cycle
$$;
comment on function sla._clock_status(uuid, uuid, timestamptz) is
    'The rows of sla.status for a ticket that exists.';
