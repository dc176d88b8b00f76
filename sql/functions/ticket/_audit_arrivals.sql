create or replace function sla._audit_arrivals(p_tickets helpdesk.tickets[], p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select n.tenant_id, n.ticket_id,
           case when k.terms is null then 'sla_not_started' else 'sla_started' end,
           jsonb_strip_nulls(jsonb_build_object(
               'status_id', n.status_id, 'response_state', n.response_state, 'priority_id', n.priority_id,
               'client_id', n.client_id, 'board_id', n.board_id, 'sla_policy_id', n.sla_policy_id,
               'closed_at', n.closed_at,
               'closed', nullif(sla._is_closed_status(n.tenant_id, n.status_id), false),
               -- What becomes of the response clock of a ticket born closed depends on the setting of then.
               'closing_completes_response', (select g.close_completes_response from sla.settings g
                   where g.tenant_id = n.tenant_id and sla._is_closed_status(n.tenant_id, n.status_id)),
               'paused_by', nullif(sla._pausing_reasons(n.tenant_id, n.status_id, n.response_state), '{}'),
               'policy_id', p.policy_id,
               'reason', case when k.terms is null
                              then sla._why_not_tracked(n.tenant_id, p.policy_id, n.priority_id) end,
               'terms', k.terms)),
           n.entered_at, sla._actor(), p_now
    from unnest(p_tickets) as n
    cross join lateral (
        select sla._applicable_policy(n.tenant_id, n.sla_policy_id, n.client_id, n.board_id) as policy_id offset 0
    ) p
    cross join lateral (
        select (select jsonb_object_agg(t.metric, t.definition)
                from sla.terms t
                where t.tenant_id = n.tenant_id and t.policy_id = p.policy_id and t.priority_id = n.priority_id
                  and exists (select from sla.clocks c where c.tenant_id = n.tenant_id and c.ticket_id = n.ticket_id
                              and c.metric = t.metric and c.cycle = 1)) as terms
        offset 0
    ) k;
end
$$;
comment on function sla._audit_arrivals(helpdesk.tickets[], timestamptz) is
'One audit entry a new ticket: sla_started with its terms, or sla_not_started with the reason, and the fields that matter as they were (semantics §7).';
