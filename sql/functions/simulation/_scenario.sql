create or replace function sla._scenario(
    p_targets jsonb, p_policy_id uuid, p_schedule_id uuid, p_extra_hours jsonb, p_pause_statuses uuid[],
    p_pause_on_awaiting_client boolean, p_of_policy_id uuid
) returns jsonb
language plpgsql stable parallel safe security invoker
as $$
declare
    v_tenant_id uuid := helpdesk.current_tenant();
    v_unknown uuid;
    v_calendar_id bigint;
begin
    select u.policy_id into v_unknown from unnest(array[p_policy_id, p_of_policy_id]) as u (policy_id)
    where u.policy_id is not null and not exists (
        select from sla.policies p where p.tenant_id = v_tenant_id and p.policy_id = u.policy_id);
    if v_unknown is not null then
        raise exception 'policy % is unknown', v_unknown
            using errcode = 'SL015', hint = 'Give the policy_id of a policy of this tenant.';
    end if;
    select s.calendar_id into v_calendar_id from sla.schedules s
    where s.tenant_id = v_tenant_id and s.schedule_id = p_schedule_id;
    if p_schedule_id is not null and v_calendar_id is null then
        raise exception 'schedule % is unknown', p_schedule_id
            using errcode = 'SL001', hint = 'Give the schedule_id of a committed schedule of this tenant.';
    end if;
    return jsonb_build_object(
        'of_policy', p_of_policy_id,
        'targets', sla._simulated_targets(coalesce(p_targets, '{}')),
        'policy', case when p_policy_id is not null then coalesce((
            select jsonb_object_agg(t.priority_id || ' ' || t.metric, jsonb_build_object(
                'target_minutes', t.definition -> 'target_minutes', 'calendar_id', t.calendar_id,
                'is_24x7', g.is_24x7))
            from sla.terms t
            join sla.policy_targets g
                on g.tenant_id = t.tenant_id and g.policy_id = t.policy_id and g.priority_id = t.priority_id
            where t.tenant_id = v_tenant_id and t.policy_id = p_policy_id), '{}') end,
        'schedule', case when p_schedule_id is not null then jsonb_build_object('calendar_id', v_calendar_id) end,
        -- Targets that count around the clock whatever the schedule says.
        'around_the_clock', (
            select coalesce(jsonb_agg(g.policy_id || ' ' || g.priority_id), '[]') from sla.policy_targets g
            where g.tenant_id = v_tenant_id and g.is_24x7),
        -- Where a promise is simulated that nobody had made, it counts in the hours of the ticket's policy.
        'calendars', (
            select coalesce(jsonb_object_agg(p.policy_id, s.calendar_id), '{}') from sla.policies p
            join sla.schedules s
                on s.tenant_id = p.tenant_id and s.schedule_id = sla._policy_schedule(p.tenant_id, p.schedule_id)
            where p.tenant_id = v_tenant_id),
        'default_calendar', (
            select s.calendar_id from sla.schedules s
            where s.tenant_id = v_tenant_id and s.schedule_id = sla._policy_schedule(v_tenant_id, null)),
        'extra_hours', sla._simulated_hours(p_extra_hours),
        'pause_statuses', to_jsonb(p_pause_statuses),
        'pause_on_awaiting_client', p_pause_on_awaiting_client,
        'close_completes_response', (
            select g.close_completes_response from sla.settings g where g.tenant_id = v_tenant_id));
end
$$;
comment on function sla._scenario(jsonb, uuid, uuid, jsonb, uuid[], boolean, uuid) is
    'What a simulation changes, checked and with the configuration looked up, for sla._simulate_clocks. Errors: SL001 unknown schedule, SL015 unknown policy, SL050 what is not understood.';
