create or replace function sla.update_policy(p_policy_id uuid, p_changes jsonb) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_policy sla.policies := sla._known_policy(p_policy_id);
begin
    perform sla._require_keys('policy', p_changes, '{name,description,schedule_id}');
    v_policy := jsonb_populate_record(v_policy, p_changes);
    perform sla._refuse_taken_name(v_policy.name, p_policy_id);
    if p_changes ->> 'schedule_id' is not null then
        perform sla._known_schedule(v_policy.schedule_id);
    end if;
    update sla.policies p
    set name = v_policy.name, description = v_policy.description, schedule_id = v_policy.schedule_id
    where p.tenant_id = v_tenant_id and p.policy_id = p_policy_id
      and (p.name, p.description, p.schedule_id)
          is distinct from (v_policy.name, v_policy.description, v_policy.schedule_id);
end
$$;
comment on function sla.update_policy(uuid, jsonb) is
'Changes what p_changes names of a policy: name, description, schedule_id (null: the tenant''s default schedule, else 24x7). Open clocks keep their terms until sla.recalculate. Errors: SL015 unknown policy, SL024 unknown key, SL025 the name is taken, SL001 unknown schedule. Source: semantics §4.';
