create or replace function sla.set_default_policy(p_policy_id uuid) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    if p_policy_id is not null then
        perform sla._known_policy(p_policy_id);
    end if;
    -- First the old one, then the new one: an index allows one default a tenant.
    update sla.policies p set is_default = false
    where p.tenant_id = v_tenant_id and p.is_default and p.policy_id is distinct from p_policy_id;
    update sla.policies p set is_default = true
    where p.tenant_id = v_tenant_id and p.policy_id = p_policy_id and not p.is_default;
end
$$;
comment on function sla.set_default_policy(uuid) is
'Makes a policy the one of tickets that no other applies to, in place of the present one; null: there is none. Clocks that start later take it; open ones keep their terms. Errors: SL015 unknown policy. Source: semantics §4, Policy resolution.';
