-- What every report counts. The time is read once, by a scalar subquery, not once a row.
create or replace view sla._verdicts with (security_invoker = true) as
select
    c.tenant_id,
    c.ticket_id,
    c.metric,
    c.cycle,
    (c.started_at at time zone s.timezone)::date as day,
    c.policy_id,
    c.priority_id,
    t.board_id,
    t.client_id,
    t.assigned_to,
    c.calendar_id,
    c.target,
    c.started_at,
    c.due_at,
    c.completed_at,
    c.state in ('running', 'paused') as is_open,
    c.state = 'completed' and c.met as is_met,
    v.is_breached,
    case when v.is_breached then coalesce(c.breached_at, c.due_at) end as breached_at
from sla.clocks c
join helpdesk.tickets t on t.tenant_id = c.tenant_id and t.ticket_id = c.ticket_id
join sla.settings s on s.tenant_id = c.tenant_id
cross join lateral (
    select c.met is false or (c.state = 'running' and c.due_at < (select sla.now())) as is_breached
) v
where c.state <> 'cancelled';
comment on view sla._verdicts is
    'One row a clock that counts in reports (cancelled ones count nowhere): how it stands, judging a running clock by its due time, settled or not.';
