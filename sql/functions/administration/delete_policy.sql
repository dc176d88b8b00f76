create or replace function sla.delete_policy(p_policy_id uuid, p_reassign_to uuid default null) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_policy sla.policies := sla._known_policy(p_policy_id);
begin
    if p_reassign_to is not null then
        perform sla._refuse_same('policy', p_policy_id, p_reassign_to);
        perform sla._known_policy(p_reassign_to);
        update helpdesk.clients c set sla_policy_id = p_reassign_to
        where c.tenant_id = v_tenant_id and c.sla_policy_id = p_policy_id;
        update helpdesk.boards b set sla_policy_id = p_reassign_to
        where b.tenant_id = v_tenant_id and b.sla_policy_id = p_policy_id;
        if v_policy.is_default then
            perform sla.set_default_policy(p_reassign_to);
        end if;
        -- Closed tickets keep what was promised to them.
        update helpdesk.tickets t set sla_policy_id = p_reassign_to
        where t.tenant_id = v_tenant_id and t.sla_policy_id = p_policy_id
          and sla._is_under_way(t.tenant_id, t.ticket_id);
        perform sla.recalculate(p_policy_id);
    end if;
    delete from sla.policies p where p.tenant_id = v_tenant_id and p.policy_id = p_policy_id;
end
$$;
comment on function sla.delete_policy(uuid, uuid) is
'Deletes a policy; when old clocks name it, it is retired instead. p_reassign_to: its clients, its boards, the default and the open tickets take that policy first, and the open clocks are recalculated. Errors: SL019 it is in use (the users are named), SL015 unknown policy, SL026 reassigned to itself. Source: semantics §4.';
