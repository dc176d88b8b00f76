create or replace function sla._known_policy(p_policy_id uuid) returns sla.policies
language plpgsql stable parallel safe security invoker
as $$
declare
    v_policy sla.policies;
begin
    select p.* into v_policy from sla.policies p
    where p.tenant_id = helpdesk.current_tenant() and p.policy_id = p_policy_id;
    if v_policy.policy_id is null or v_policy.archived_at is not null then
        raise exception 'policy % is %', coalesce('"' || v_policy.name || '"', p_policy_id::text, 'null'),
            case when v_policy.policy_id is null then 'unknown' else 'retired' end
            using errcode = 'SL015', hint = 'Give the policy_id of a policy of this tenant that is in force.';
    end if;
    return v_policy;
end
$$;
comment on function sla._known_policy(uuid) is
'The policy of the current tenant with that key. Errors: SL015 when there is none, or when it is retired.';
