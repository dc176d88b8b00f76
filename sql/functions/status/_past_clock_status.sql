create or replace function sla._past_clock_status(p_tenant_id uuid, p_ticket_id uuid, p_at timestamptz)
returns table (
    metric text, cycle smallint, state text, policy text, target interval, started_at timestamptz,
    due_at timestamptz, completed_at timestamptz, elapsed interval, remaining interval, percent numeric,
    paused boolean, reason text, met boolean)
language sql stable parallel unsafe security invoker
as $$
    select c.metric, c.cycle, c.state, p.name, d.target, sla._from_us(c.started_at), sla._from_us(c.due_at),
        sla._from_us(c.completed_at), d.elapsed,
        case when c.state in ('running', 'paused') then d.target - d.elapsed end,
        sla._percent(d.elapsed, d.target), c.state = 'paused', c.reason, c.met
    from sla._past_clocks(p_ticket_id, sla._to_us(p_at)) c
    cross join lateral (select sla._duration(c.target) as target, sla._duration(c.elapsed) as elapsed) d
    left join sla.policies p on p.tenant_id = p_tenant_id and p.policy_id = c.policy_id
    order by array_position(array['response', 'resolution'], c.metric), c.metric, c.cycle
$$;
comment on function sla._past_clock_status(uuid, uuid, timestamptz) is
    'The rows of sla.status at a past instant, told by the ticket''s history.';
