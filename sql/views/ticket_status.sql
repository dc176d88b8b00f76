-- One row a ticket, so each metric has its columns; a third metric appends its own.
create or replace view sla.ticket_status with (security_invoker = true) as
select
    t.tenant_id,
    t.ticket_id,
    t.ticket_number,
    t.title,
    k.name as client,
    b.name as board,
    r.name as priority,
    x.name as ticket_status,
    u.name as assignee,
    p.name as policy,
    case
        when coalesce(a.state, 'cancelled') = 'cancelled' and coalesce(z.state, 'cancelled') = 'cancelled' then 'none'
        when a.is_open or z.is_open then case
            when a.paused or z.paused then 'paused'
            when a.met is false then 'response_breached'
            when z.met is false then 'resolution_breached'
            when (a.is_open and a.elapsed * 100 >= a.target * s.at_risk_percent)
                or (z.is_open and z.elapsed * 100 >= z.target * s.at_risk_percent) then 'at_risk'
            else 'on_track'
        end
        when a.met is false or z.met is false then 'missed'
        else 'met'
    end as sla_status,
    coalesce(a.paused, false) or coalesce(z.paused, false) as paused,
    case when a.paused or z.paused then sla._pause_reasons(t.tenant_id, t.ticket_id, (select sla.now())) end
        as pause_reason,
    a.state as response_state,
    a.due_at as response_due_at,
    a.completed_at as response_completed_at,
    a.met as response_met,
    case when a.is_open then a.target - a.elapsed end as response_remaining,
    sla._percent(a.elapsed, a.target) as response_percent,
    z.state as resolution_state,
    z.due_at as resolution_due_at,
    z.completed_at as resolution_completed_at,
    z.met as resolution_met,
    case when z.is_open then z.target - z.elapsed end as resolution_remaining,
    sla._percent(z.elapsed, z.target) as resolution_percent,
    sla._pause_minutes(t.tenant_id, t.ticket_id, (select sla.now())) as total_pause_minutes,
    t.escalation_level,
    t.escalated_at,
    t.entered_at,
    t.closed_at,
    t.due_date,
    t.client_id,
    t.board_id,
    t.priority_id,
    t.assigned_to,
    coalesce(z.policy_id, a.policy_id) as policy_id
from helpdesk.tickets t
left join sla.settings s on s.tenant_id = t.tenant_id
left join lateral (
    select c.state, c.due_at, c.completed_at, c.policy_id, c.target, e.elapsed,
        c.state in ('running', 'paused') as is_open,
        c.state = 'paused' as paused,
        case when c.state <> 'cancelled' then case
            when c.met is false or (c.state = 'running' and c.due_at < (select sla.now())) then false
            else c.met
        end end as met
    from sla.clocks c
    cross join lateral (select sla._clock_elapsed(c, (select sla.now())) as elapsed) e
    where c.tenant_id = t.tenant_id and c.ticket_id = t.ticket_id and c.metric = 'response'
    order by c.cycle desc
    limit 1
) a on true
left join lateral (
    select c.state, c.due_at, c.completed_at, c.policy_id, c.target, e.elapsed,
        c.state in ('running', 'paused') as is_open,
        c.state = 'paused' as paused,
        case when c.state <> 'cancelled' then case
            when c.met is false or (c.state = 'running' and c.due_at < (select sla.now())) then false
            else c.met
        end end as met
    from sla.clocks c
    cross join lateral (select sla._clock_elapsed(c, (select sla.now())) as elapsed) e
    where c.tenant_id = t.tenant_id and c.ticket_id = t.ticket_id and c.metric = 'resolution'
    order by c.cycle desc
    limit 1
) z on true
left join sla.policies p on p.tenant_id = t.tenant_id and p.policy_id = coalesce(z.policy_id, a.policy_id)
left join helpdesk.clients k on k.tenant_id = t.tenant_id and k.client_id = t.client_id
left join helpdesk.boards b on b.tenant_id = t.tenant_id and b.board_id = t.board_id
left join helpdesk.priorities r on r.tenant_id = t.tenant_id and r.priority_id = t.priority_id
left join helpdesk.statuses x on x.tenant_id = t.tenant_id and x.status_id = t.status_id
left join helpdesk.users u on u.tenant_id = t.tenant_id and u.user_id = t.assigned_to;
comment on view sla.ticket_status is
    'One row a ticket: how both its promises stand now, judging a running clock by its due time, settled or not. Of a restarted clock the newest cycle shows. Source: semantics §5.';
comment on column sla.ticket_status.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.ticket_status.ticket_id is 'The ticket.';
comment on column sla.ticket_status.ticket_number is 'Its number.';
comment on column sla.ticket_status.title is 'What it is about.';
comment on column sla.ticket_status.client is 'Client who asks.';
comment on column sla.ticket_status.board is 'Board that it lies on.';
comment on column sla.ticket_status.priority is 'Its priority.';
comment on column sla.ticket_status.ticket_status is 'Its status on the board.';
comment on column sla.ticket_status.assignee is 'Who it is assigned to.';
comment on column sla.ticket_status.policy is 'SLA policy of its clocks; null: none applies.';
comment on column sla.ticket_status.sla_status is 'none (no clock counts), paused, response_breached, resolution_breached, at_risk, on_track; once all ended: missed or met.';
comment on column sla.ticket_status.paused is 'True while its clocks stand still.';
comment on column sla.ticket_status.pause_reason is 'Why: status, awaiting_client, manual, closed; null unless paused.';
comment on column sla.ticket_status.response_state is 'Clock of the response (first public reply): running, paused, completed, cancelled; null: not promised.';
comment on column sla.ticket_status.response_due_at is 'When its target is used up (UTC instant); stands still while paused.';
comment on column sla.ticket_status.response_completed_at is 'When it happened (UTC instant); null: not yet.';
comment on column sla.ticket_status.response_met is 'True: in time; false: too late, or past due and still open; null: open, or cancelled.';
comment on column sla.ticket_status.response_remaining is 'Business time left, negative once overdue; null when ended.';
comment on column sla.ticket_status.response_percent is 'Percent of the target that is used up, cut to two decimals.';
comment on column sla.ticket_status.resolution_state is 'Clock of the resolution (closing): running, paused, completed, cancelled; null: not promised.';
comment on column sla.ticket_status.resolution_due_at is 'When its target is used up (UTC instant); stands still while paused.';
comment on column sla.ticket_status.resolution_completed_at is 'When it happened (UTC instant); null: not yet.';
comment on column sla.ticket_status.resolution_met is 'True: in time; false: too late, or past due and still open; null: open, or cancelled.';
comment on column sla.ticket_status.resolution_remaining is 'Business time left, negative once overdue; null when ended.';
comment on column sla.ticket_status.resolution_percent is 'Percent of the target that is used up, cut to two decimals.';
comment on column sla.ticket_status.total_pause_minutes is 'Minutes by the wall clock, nights included, in which any reason paused the ticket; for reports only. Time closed does not count.';
comment on column sla.ticket_status.escalation_level is 'Highest escalation level reached, 0 (none) to 3.';
comment on column sla.ticket_status.escalated_at is 'When it was reached (UTC instant).';
comment on column sla.ticket_status.entered_at is 'When the ticket began (UTC instant).';
comment on column sla.ticket_status.closed_at is 'When it was closed, as its application says (UTC instant).';
comment on column sla.ticket_status.due_date is 'Date promised to people.';
comment on column sla.ticket_status.client_id is 'Client who asks.';
comment on column sla.ticket_status.board_id is 'Board that it lies on.';
comment on column sla.ticket_status.priority_id is 'Its priority.';
comment on column sla.ticket_status.assigned_to is 'Who it is assigned to.';
comment on column sla.ticket_status.policy_id is 'SLA policy of its clocks.';
