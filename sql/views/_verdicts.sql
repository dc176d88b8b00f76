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
comment on column sla._verdicts.tenant_id is 'Tenant that owns the ticket.';
comment on column sla._verdicts.ticket_id is 'The ticket.';
comment on column sla._verdicts.metric is 'response or resolution.';
comment on column sla._verdicts.cycle is '1, and one more for each reopening that restarted the clock.';
comment on column sla._verdicts.day is 'Local date, in the zone of sla.settings.timezone, on which the clock started.';
comment on column sla._verdicts.policy_id is 'Policy that made the promise.';
comment on column sla._verdicts.priority_id is 'Priority that the promise was made for.';
comment on column sla._verdicts.board_id is 'Board that the ticket lies on now.';
comment on column sla._verdicts.client_id is 'Client of the ticket now.';
comment on column sla._verdicts.assigned_to is 'Who it is assigned to now.';
comment on column sla._verdicts.calendar_id is 'Calendar version that it counts in; null: 24x7.';
comment on column sla._verdicts.target is 'Business time promised.';
comment on column sla._verdicts.started_at is 'When it began to count (UTC instant).';
comment on column sla._verdicts.due_at is 'When the target is used up (UTC instant).';
comment on column sla._verdicts.completed_at is 'When it was answered or resolved (UTC instant); null: not yet.';
comment on column sla._verdicts.is_open is 'True while it is running or paused.';
comment on column sla._verdicts.is_met is 'True when it completed in time.';
comment on column sla._verdicts.is_breached is 'True when it ran past its due time, completed or not.';
comment on column sla._verdicts.breached_at is 'When it did (UTC instant); null: it did not.';
