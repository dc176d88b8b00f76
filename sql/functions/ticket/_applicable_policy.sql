-- A table function, because one in FROM is inlined into its caller's plan; a scalar one with subqueries never is.
create or replace function sla._applicable_policy(
    p_tenant_id uuid, p_ticket_policy_id uuid, p_client_id uuid, p_board_id uuid
) returns table (policy_id uuid)
language sql stable parallel safe security invoker
as $$
    select coalesce(
        p_ticket_policy_id,
        (select c.sla_policy_id from helpdesk.clients c where c.tenant_id = p_tenant_id and c.client_id = p_client_id),
        (select b.sla_policy_id from helpdesk.boards b where b.tenant_id = p_tenant_id and b.board_id = p_board_id),
        (select p.policy_id from sla.policies p
         where p.tenant_id = p_tenant_id and p.is_default and p.archived_at is null))
$$;
comment on function sla._applicable_policy(uuid, uuid, uuid, uuid) is
'Policy resolution: the ticket''s own, else its client''s, else its board''s, else the tenant''s default, else null; always one row (semantics §4).';
