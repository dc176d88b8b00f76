create or replace function sla.remove_target(p_policy_id uuid, p_priority_id uuid) returns boolean
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_policy sla.policies := sla._known_policy(p_policy_id);
begin
    delete from sla.policy_targets g
    where g.tenant_id = v_tenant_id and g.policy_id = v_policy.policy_id and g.priority_id = p_priority_id;
    return found;
end
$$;
comment on function sla.remove_target(uuid, uuid) is
'A policy promises nothing for a priority any more; false when it did not before. Open clocks keep their terms until sla.recalculate. Errors: SL015 unknown policy. Source: semantics §4.';
