create or replace function sla._clock_message(p_tenant_id uuid, p_ticket_id uuid, p_metric text, p_cycle smallint)
returns table (
    policy_id uuid, met boolean, board_id uuid, assigned_to uuid, escalation_level smallint, payload jsonb)
language sql stable parallel safe security invoker rows 1
as $$
    -- A table of one row and not a scalar, so that callers inline it and keep its plan. Each lookup is on a full
    -- key, one by one, whatever the planner knows about the tables.
    select c.policy_id, c.met, t.board_id, t.assigned_to, t.escalation_level, jsonb_build_object(
        'ticket_number', t.ticket_number, 'title', t.title,
        'metric', c.metric, 'cycle', c.cycle, 'started_at', c.started_at, 'due_at', c.due_at,
        'target_minutes', (extract(epoch from c.target) / 60)::bigint,
        'completed_at', c.completed_at, 'met', c.met,
        'policy', (select p.name from sla.policies p
                   where p.tenant_id = p_tenant_id and p.policy_id = c.policy_id),
        'priority', (select r.name from helpdesk.priorities r
                     where r.tenant_id = p_tenant_id and r.priority_id = t.priority_id),
        'client', (select l.name from helpdesk.clients l
                   where l.tenant_id = p_tenant_id and l.client_id = t.client_id),
        'board', (select b.name from helpdesk.boards b
                  where b.tenant_id = p_tenant_id and b.board_id = t.board_id),
        'assigned_to', (select u.name from helpdesk.users u
                        where u.tenant_id = p_tenant_id and u.user_id = t.assigned_to),
        'timezone', (select s.timezone from sla.settings s where s.tenant_id = p_tenant_id))
    from (
        select * from sla.clocks k
        where k.tenant_id = p_tenant_id and k.ticket_id = p_ticket_id and k.metric = p_metric and k.cycle = p_cycle
        offset 0
    ) c
    cross join (
        select * from helpdesk.tickets k where k.tenant_id = p_tenant_id and k.ticket_id = p_ticket_id offset 0
    ) t
$$;
comment on function sla._clock_message(uuid, uuid, text, smallint) is
'What every message about a clock says (payload: ticket, promise, due time; UTC instants, target in minutes), and what decides who gets it.';
