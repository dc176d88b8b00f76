-- requires: sla._verdicts
create or replace view sla.recent_breaches with (security_invoker = true) as
select
    v.tenant_id,
    v.ticket_id,
    t.ticket_number,
    t.title,
    v.metric,
    v.cycle,
    v.breached_at,
    v.due_at,
    v.completed_at,
    v.is_open,
    p.name as policy,
    r.name as priority,
    b.name as board,
    k.name as client,
    u.name as assignee,
    t.escalation_level
from sla._verdicts v
join helpdesk.tickets t on t.tenant_id = v.tenant_id and t.ticket_id = v.ticket_id
join sla.policies p on p.tenant_id = v.tenant_id and p.policy_id = v.policy_id
left join helpdesk.priorities r on r.tenant_id = v.tenant_id and r.priority_id = v.priority_id
left join helpdesk.boards b on b.tenant_id = v.tenant_id and b.board_id = v.board_id
left join helpdesk.clients k on k.tenant_id = v.tenant_id and k.client_id = v.client_id
left join helpdesk.users u on u.tenant_id = v.tenant_id and u.user_id = v.assigned_to
where v.is_breached and v.breached_at > (select sla.now()) - interval '30 days'
order by v.breached_at desc, v.ticket_id, v.metric;
comment on view sla.recent_breaches is
    'Promises broken in the last 30 days, the latest first, settled or not.';
comment on column sla.recent_breaches.tenant_id is 'Tenant that owns the ticket.';
comment on column sla.recent_breaches.ticket_id is 'The ticket.';
comment on column sla.recent_breaches.ticket_number is 'Its number.';
comment on column sla.recent_breaches.title is 'What it is about.';
comment on column sla.recent_breaches.metric is 'response or resolution.';
comment on column sla.recent_breaches.cycle is '1, and one more for each reopening that restarted the clock.';
comment on column sla.recent_breaches.breached_at is 'When the target was used up (UTC instant).';
comment on column sla.recent_breaches.due_at is 'Due time of the clock (UTC instant).';
comment on column sla.recent_breaches.completed_at is 'When it was answered or resolved after all (UTC instant); null: not yet.';
comment on column sla.recent_breaches.is_open is 'True: still waiting.';
comment on column sla.recent_breaches.policy is 'Policy that made the promise.';
comment on column sla.recent_breaches.priority is 'Priority that the promise was made for.';
comment on column sla.recent_breaches.board is 'Board that the ticket lies on.';
comment on column sla.recent_breaches.client is 'Client of the ticket.';
comment on column sla.recent_breaches.assignee is 'Who it is assigned to.';
comment on column sla.recent_breaches.escalation_level is 'Highest escalation level reached, 0 to 3.';
