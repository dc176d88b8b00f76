create or replace function sla._clock_payload(p_tenant_id uuid, p_ticket_id uuid, p_metric text, p_cycle smallint)
returns jsonb
language plpgsql stable parallel safe security invoker
as $$
begin
    -- Not in language sql: such a function would be planned anew by each sweep, which takes longer than running it.
    return (select jsonb_build_object(
        'ticket_number', t.ticket_number, 'title', t.title,
        'metric', c.metric, 'cycle', c.cycle, 'started_at', c.started_at, 'due_at', c.due_at,
        'target_minutes', (extract(epoch from c.target) / 60)::bigint,
        'completed_at', c.completed_at, 'met', c.met,
        'policy', (select p.name from sla.policies p
                   where p.tenant_id = c.tenant_id and p.policy_id = c.policy_id),
        'priority', (select r.name from helpdesk.priorities r
                     where r.tenant_id = t.tenant_id and r.priority_id = t.priority_id),
        'client', (select l.name from helpdesk.clients l
                   where l.tenant_id = t.tenant_id and l.client_id = t.client_id),
        'board', (select b.name from helpdesk.boards b
                  where b.tenant_id = t.tenant_id and b.board_id = t.board_id),
        'assigned_to', (select u.name from helpdesk.users u
                        where u.tenant_id = t.tenant_id and u.user_id = t.assigned_to),
        'timezone', (select s.timezone from sla.settings s where s.tenant_id = t.tenant_id))
    from sla.clocks c
    join helpdesk.tickets t on t.tenant_id = c.tenant_id and t.ticket_id = c.ticket_id
    where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.metric = p_metric and c.cycle = p_cycle);
end
$$;
comment on function sla._clock_payload(uuid, uuid, text, smallint) is
'What every message about a clock says: ticket, promise, due time (UTC instants, target in minutes).';
