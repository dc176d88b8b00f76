create or replace function sla._simulated_targets(p_targets jsonb) returns jsonb
language plpgsql stable parallel safe security invoker
as $$
declare
    v_target record;
    v_priority_ids uuid[];
    v_targets jsonb := '{}'::jsonb;
begin
    if jsonb_typeof(p_targets) <> 'object' then
        raise exception 'targets must be an object, not %', jsonb_typeof(p_targets)
            using errcode = 'SL050', hint = 'Write them like {"High": {"response_minutes": 120}}; "*" is every priority.';
    end if;
    -- Every priority first, so that one that is named goes before.
    for v_target in select t.key, t.value from jsonb_each(p_targets) as t order by t.key <> '*', t.key loop
        select array_agg(p.priority_id) into v_priority_ids from helpdesk.priorities p
        where p.tenant_id = helpdesk.current_tenant() and v_target.key in ('*', p.name, p.priority_id::text);
        if v_priority_ids is null then
            raise exception 'priority "%" is unknown', v_target.key
                using errcode = 'SL050', hint = 'Name a priority of helpdesk.priorities, give its priority_id, or "*" for all.';
        end if;
        if not sla._is_simulated_target(v_target.value) then
            raise exception 'target of priority "%" is not understood: %', v_target.key, v_target.value
                using errcode = 'SL050',
                hint = 'It has response_minutes and resolution_minutes (whole minutes, null for no promise) and is_24x7 (true or false).';
        end if;
        select v_targets || jsonb_object_agg(p.id, coalesce(v_targets -> p.id::text, '{}') || v_target.value) into v_targets
        from unnest(v_priority_ids) as p (id);
    end loop;
    return v_targets;
end
$$;
comment on function sla._simulated_targets(jsonb) is
    'What-if targets by priority_id, from targets by name, id or "*" (every priority). Errors: SL050 when they are not understood.';
