create or replace function sla.remove_threshold(p_policy_id uuid, p_percent integer) returns boolean
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_policy sla.policies := sla._known_policy(p_policy_id);
begin
    delete from sla.notification_thresholds n
    where n.tenant_id = v_tenant_id and n.policy_id = v_policy.policy_id and n.percent = p_percent;
    return found;
end
$$;
comment on function sla.remove_threshold(uuid, integer) is
'A policy tells nobody at a percent of a target any more; false when it told nobody before. Errors: SL015 unknown policy. Source: semantics §3.';
