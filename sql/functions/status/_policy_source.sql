-- The clock keeps its terms when the configuration changes (semantics §4), so the reason of today may be gone.
create or replace function sla._policy_source(p_tenant_id uuid, p_ticket_id uuid, p_policy_id uuid) returns text
language sql stable parallel safe security invoker
as $$
    select case p_policy_id
        when t.sla_policy_id then 'ticket'
        when k.sla_policy_id then 'client'
        when b.sla_policy_id then 'board'
        when (
            select p.policy_id from sla.policies p
            where p.tenant_id = p_tenant_id and p.is_default and p.archived_at is null
        ) then 'default'
        else 'earlier'
    end
    from helpdesk.tickets t
    left join helpdesk.clients k on k.tenant_id = t.tenant_id and k.client_id = t.client_id
    left join helpdesk.boards b on b.tenant_id = t.tenant_id and b.board_id = t.board_id
    where t.tenant_id = p_tenant_id and t.ticket_id = p_ticket_id
$$;
comment on function sla._policy_source(uuid, uuid, uuid) is
    'Why a policy applies to a ticket: ticket (chosen for it), client, board, default, or earlier (none of these names it now: the clock keeps the terms that it took). Source: semantics §4, Policy resolution.';
