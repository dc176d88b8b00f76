create or replace function sla._arrivals(p_tickets helpdesk.tickets[], p_now timestamptz)
returns table (
    tenant_id uuid, ticket_id uuid, entered_at timestamptz, due_date timestamptz, priority_id uuid, policy_id uuid,
    closed_at timestamptz, closing_completes_response boolean, paused_by text[], silent_before timestamptz
)
language sql stable parallel safe security invoker
as $$
    -- Scalar subqueries on full keys, not joins: nothing is known about how many tickets arrive.
    select n.tenant_id, n.ticket_id, n.entered_at, n.due_date, n.priority_id,
           sla._applicable_policy(n.tenant_id, n.sla_policy_id, n.client_id, n.board_id),
           case when (select s.is_closed from helpdesk.statuses s
                      where s.tenant_id = n.tenant_id and s.status_id = n.status_id)
                then greatest(n.entered_at, least(coalesce(n.closed_at, n.entered_at), p_now)) end,
           coalesce((select g.close_completes_response from sla.settings g where g.tenant_id = n.tenant_id), true),
           sla._pausing_reasons(n.tenant_id, n.status_id, n.response_state),
           case when n.entered_at < p_now - (select g.import_after from sla.settings g where g.tenant_id = n.tenant_id)
                then p_now end
    from unnest(p_tickets) as n
$$;
comment on function sla._arrivals(helpdesk.tickets[], timestamptz) is
'What decides how the clocks of new tickets begin: policy, closing instant of those born closed, pause reasons of those born paused, and until when an import is silent.';
