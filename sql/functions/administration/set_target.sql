create or replace function sla.set_target(
    p_policy_id uuid, p_priority_id uuid, p_response_minutes integer, p_resolution_minutes integer,
    p_escalation_percents integer[] default '{70,90,110}', p_is_24x7 boolean default false
) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_policy sla.policies := sla._known_policy(p_policy_id);
begin
    perform sla._require_known('priority', p_priority_id);
    if cardinality(p_escalation_percents) > 3 then
        raise exception 'policy "%": escalation has three levels, not %',
            v_policy.name, cardinality(p_escalation_percents)
            using errcode = 'SL017', hint = 'Give three percents of the target, null to leave a level out.';
    end if;
    insert into sla.policy_targets as g (
        tenant_id, policy_id, priority_id, response_minutes, resolution_minutes, escalation_1_percent,
        escalation_2_percent, escalation_3_percent, is_24x7)
    values (v_tenant_id, p_policy_id, p_priority_id, p_response_minutes, p_resolution_minutes,
            p_escalation_percents[1], p_escalation_percents[2], p_escalation_percents[3], p_is_24x7)
    on conflict (tenant_id, policy_id, priority_id) do update
    set response_minutes = excluded.response_minutes, resolution_minutes = excluded.resolution_minutes,
        escalation_1_percent = excluded.escalation_1_percent, escalation_2_percent = excluded.escalation_2_percent,
        escalation_3_percent = excluded.escalation_3_percent, is_24x7 = excluded.is_24x7;
end
$$;
comment on function sla.set_target(uuid, uuid, integer, integer, integer[], boolean) is
'What a policy promises for a priority, in business minutes (null: nothing for that metric), in place of what it promised before. Escalation percents are those of levels 1 to 3; null leaves a level out. p_is_24x7: every minute counts, whatever the schedule. Open clocks keep their terms until sla.recalculate. Errors: SL015 unknown policy, SL023 unknown priority, SL017 a target below one minute or percents out of order. Source: semantics §3, §4.';
