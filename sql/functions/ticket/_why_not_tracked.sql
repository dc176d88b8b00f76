create or replace function sla._why_not_tracked(p_tenant_id uuid, p_policy_id uuid, p_priority_id uuid) returns text
language plpgsql stable parallel safe security invoker
as $$
declare
    v_calendar_id bigint;
begin
    if p_policy_id is null then
        return 'no_policy';
    end if;
    select t.calendar_id into v_calendar_id from sla.terms t
    where t.tenant_id = p_tenant_id and t.policy_id = p_policy_id and t.priority_id = p_priority_id limit 1;
    if not found then
        return 'no_target';
    end if;
    return coalesce('calendar ' || v_calendar_id || ': ' || sla._calendar_problem(v_calendar_id),
                    'the target lies beyond the calendar');
end
$$;
comment on function sla._why_not_tracked(uuid, uuid, uuid) is
'Why a ticket of this policy and priority has no clock: no_policy, no_target, or what is wrong with the calendar.';
