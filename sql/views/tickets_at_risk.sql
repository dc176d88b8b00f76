-- The candidates are the open clocks alone; only they pay for the business time that they counted.
create or replace view sla.tickets_at_risk with (security_invoker = true) as
select
    c.tenant_id,
    c.ticket_id,
    t.ticket_number,
    t.title,
    c.metric,
    c.cycle,
    c.due_at,
    c.target - e.elapsed as remaining,
    sla._percent(e.elapsed, c.target) as percent,
    p.name as policy,
    r.name as priority,
    b.name as board,
    k.name as client,
    u.name as assignee,
    t.escalation_level
from sla.clocks c
join sla.settings s on s.tenant_id = c.tenant_id
join helpdesk.tickets t on t.tenant_id = c.tenant_id and t.ticket_id = c.ticket_id
join sla.policies p on p.tenant_id = c.tenant_id and p.policy_id = c.policy_id
cross join lateral (select sla._clock_elapsed(c, (select sla.now())) as elapsed) e
left join helpdesk.priorities r on r.tenant_id = t.tenant_id and r.priority_id = t.priority_id
left join helpdesk.boards b on b.tenant_id = t.tenant_id and b.board_id = t.board_id
left join helpdesk.clients k on k.tenant_id = t.tenant_id and k.client_id = t.client_id
left join helpdesk.users u on u.tenant_id = t.tenant_id and u.user_id = t.assigned_to
where c.state = 'running' and c.breached_at is null and c.due_at >= (select sla.now())
    and e.elapsed * 100 >= c.target * s.at_risk_percent
order by c.due_at, c.ticket_id, c.metric;
comment on view sla.tickets_at_risk is
    'Running clocks that have used most of their target (setting at_risk_percent) and are not yet overdue: where acting now still helps. The most urgent first.';
comment on column sla.tickets_at_risk.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.tickets_at_risk.ticket_id is 'The ticket.';
comment on column sla.tickets_at_risk.ticket_number is 'Its number.';
comment on column sla.tickets_at_risk.title is 'What it is about.';
comment on column sla.tickets_at_risk.metric is 'What is at risk: response or resolution.';
comment on column sla.tickets_at_risk.cycle is '1, and one more for each reopening that restarted the clock.';
comment on column sla.tickets_at_risk.due_at is 'When the target is used up (UTC instant).';
comment on column sla.tickets_at_risk.remaining is 'Business time left.';
comment on column sla.tickets_at_risk.percent is 'Percent of the target that is used up, cut to two decimals.';
comment on column sla.tickets_at_risk.policy is 'Policy that made the promise.';
comment on column sla.tickets_at_risk.priority is 'Priority of the ticket.';
comment on column sla.tickets_at_risk.board is 'Board that it lies on.';
comment on column sla.tickets_at_risk.client is 'Client who asks.';
comment on column sla.tickets_at_risk.assignee is 'Who it is assigned to.';
comment on column sla.tickets_at_risk.escalation_level is 'Highest escalation level reached, 0 (none) to 3.';
