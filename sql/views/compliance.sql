-- requires: sla._verdicts
create or replace view sla.compliance with (security_invoker = true) as
select
    v.tenant_id,
    v.day,
    v.policy_id,
    p.name as policy,
    v.priority_id,
    r.name as priority,
    v.board_id,
    b.name as board,
    v.client_id,
    k.name as client,
    v.assigned_to,
    u.name as assignee,
    v.metric,
    v.tracked,
    v.met,
    v.breached,
    v.open,
    v.breached_open
from (
    select
        f.tenant_id, f.day, f.policy_id, f.priority_id, f.board_id, f.client_id, f.assigned_to, f.metric,
        count(*) as tracked,
        count(*) filter (where f.is_met) as met,
        count(*) filter (where f.is_breached) as breached,
        count(*) filter (where f.is_open and not f.is_breached) as open,
        count(*) filter (where f.is_open and f.is_breached) as breached_open
    from sla._verdicts f
    group by f.tenant_id, f.day, f.policy_id, f.priority_id, f.board_id, f.client_id, f.assigned_to, f.metric
) v
join sla.policies p on p.tenant_id = v.tenant_id and p.policy_id = v.policy_id
left join helpdesk.priorities r on r.tenant_id = v.tenant_id and r.priority_id = v.priority_id
left join helpdesk.boards b on b.tenant_id = v.tenant_id and b.board_id = v.board_id
left join helpdesk.clients k on k.tenant_id = v.tenant_id and k.client_id = v.client_id
left join helpdesk.users u on u.tenant_id = v.tenant_id and u.user_id = v.assigned_to;
comment on view sla.compliance is
    'Kept and broken promises, counted per day, policy, priority, board, client, assignee and metric: counts that any tool may sum. tracked = met + breached + open.';
comment on column sla.compliance.tenant_id is 'Tenant that owns the tickets.';
comment on column sla.compliance.day is 'Local date, in the zone of sla.settings.timezone, on which the clocks started.';
comment on column sla.compliance.policy_id is 'Policy that made the promise.';
comment on column sla.compliance.policy is 'Its name.';
comment on column sla.compliance.priority_id is 'Priority that the promise was made for.';
comment on column sla.compliance.priority is 'Its name.';
comment on column sla.compliance.board_id is 'Board that the tickets lie on now; null: none.';
comment on column sla.compliance.board is 'Its name.';
comment on column sla.compliance.client_id is 'Client of the tickets; null: none.';
comment on column sla.compliance.client is 'Its name.';
comment on column sla.compliance.assigned_to is 'Who the tickets are assigned to now; null: nobody.';
comment on column sla.compliance.assignee is 'Name of that person.';
comment on column sla.compliance.metric is 'response or resolution.';
comment on column sla.compliance.tracked is 'Clocks, cancelled ones left out.';
comment on column sla.compliance.met is 'Clocks completed in time.';
comment on column sla.compliance.breached is 'Clocks that ran past their due time, completed or not.';
comment on column sla.compliance.open is 'Clocks still open and in time.';
comment on column sla.compliance.breached_open is 'Of the breached ones, those still open.';
