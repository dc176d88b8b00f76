create or replace function sla._arrivals(p_tickets helpdesk.tickets[], p_now timestamptz)
returns table (
    tenant_id uuid, ticket_id uuid, entered_at timestamptz, due_date timestamptz, priority_id uuid, policy_id uuid,
    closed_at timestamptz, closing_completes_response boolean, paused_by text[], silent_before timestamptz, born jsonb
)
language sql stable parallel safe security invoker
as $$
    -- Scalar subqueries on full keys, not joins: nothing is known about how many tickets arrive. Each lateral ends
    -- in offset 0, or every use of a column would work it out again.
    select n.tenant_id, n.ticket_id, n.entered_at, n.due_date, n.priority_id, d.policy_id,
           case when d.is_closed then greatest(n.entered_at, least(coalesce(n.closed_at, n.entered_at), p_now)) end,
           coalesce(d.closing_completes_response, true), d.paused_by,
           case when n.entered_at < p_now - d.import_after then p_now end,
           jsonb_strip_nulls(jsonb_build_object(
               'status_id', n.status_id, 'response_state', n.response_state, 'priority_id', n.priority_id,
               'client_id', n.client_id, 'board_id', n.board_id, 'sla_policy_id', n.sla_policy_id,
               'closed_at', n.closed_at,
               'clamped', case when d.is_closed and n.closed_at <> greatest(n.entered_at, least(n.closed_at, p_now))
                               then true end,
               'closed', nullif(d.is_closed, false),
               -- What becomes of the response clock of a ticket born closed depends on the setting of then.
               'closing_completes_response', case when d.is_closed then d.closing_completes_response end,
               'paused_by', nullif(d.paused_by, '{}'),
               'policy_id', d.policy_id))
    from unnest(p_tickets) as n
    cross join lateral (
        select sla._applicable_policy(n.tenant_id, n.sla_policy_id, n.client_id, n.board_id) as policy_id,
               sla._is_closed_status(n.tenant_id, n.status_id) as is_closed,
               sla._pausing_reasons(n.tenant_id, n.status_id, n.response_state) as paused_by,
               (select g.close_completes_response from sla.settings g where g.tenant_id = n.tenant_id)
                   as closing_completes_response,
               (select g.import_after from sla.settings g where g.tenant_id = n.tenant_id) as import_after
        offset 0
    ) d
$$;
comment on function sla._arrivals(helpdesk.tickets[], timestamptz) is
'What decides how the clocks of new tickets begin: policy, closing instant of those born closed, pause reasons of those born paused, until when an import is silent; and, for the audit log, the fields that matter as they were (semantics §7).';
