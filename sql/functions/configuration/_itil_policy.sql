-- What exists is left alone: an administrator may have edited it.
create or replace function sla._itil_policy(p_tenant_id uuid) returns uuid
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_policy_id uuid;
begin
    insert into sla.policies (tenant_id, name, description)
    values (p_tenant_id, 'ITIL Standard', 'Targets by ITIL level: Critical around the clock, the others in business time.')
    on conflict (tenant_id, name) where archived_at is null do nothing
    returning policy_id into v_policy_id;
    if v_policy_id is null then
        select p.policy_id into v_policy_id from sla.policies p
        where p.tenant_id = p_tenant_id and p.name = 'ITIL Standard' and p.archived_at is null;
        return v_policy_id;
    end if;

    insert into sla.policy_targets
        (tenant_id, policy_id, priority_id, response_minutes, resolution_minutes, is_24x7)
    select p_tenant_id, v_policy_id, r.priority_id, l.response_minutes, l.resolution_minutes, l.itil_level = 1
    from (values
        (1, 15, 60),
        (2, 30, 4 * 60),
        (3, 60, 24 * 60),
        (4, 4 * 60, 72 * 60),
        (5, 8 * 60, 168 * 60)
    ) as l(itil_level, response_minutes, resolution_minutes)
    join helpdesk.priorities r
        on r.tenant_id = p_tenant_id and r.itil_level = l.itil_level and r.archived_at is null;

    insert into sla.notification_thresholds
        (tenant_id, policy_id, percent, notify_board_manager, notify_escalation_manager, channels)
    values
        (p_tenant_id, v_policy_id, 50, false, false, '{in_app}'),
        (p_tenant_id, v_policy_id, 75, true, false, '{in_app}'),
        (p_tenant_id, v_policy_id, 90, true, true, '{in_app,email}'),
        (p_tenant_id, v_policy_id, 100, true, true, '{in_app,email}');
    return v_policy_id;
end
$$;
comment on function sla._itil_policy(uuid) is
    'The policy "ITIL Standard" of a tenant, made with its targets and thresholds when there is none. Source: semantics §6.';
