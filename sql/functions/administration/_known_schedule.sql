create or replace function sla._known_schedule(p_schedule_id uuid) returns sla.schedules
language plpgsql stable parallel safe security invoker
as $$
declare
    v_schedule sla.schedules;
begin
    select s.* into v_schedule from sla.schedules s
    where s.tenant_id = helpdesk.current_tenant() and s.schedule_id = p_schedule_id;
    if v_schedule.schedule_id is null or v_schedule.archived_at is not null then
        raise exception 'schedule % is %', coalesce('"' || v_schedule.name || '"', p_schedule_id::text, 'null'),
            case when v_schedule.schedule_id is null then 'unknown' else 'retired' end
            using errcode = 'SL001', hint = 'Give the schedule_id of a schedule of this tenant that is in force.';
    end if;
    return v_schedule;
end
$$;
comment on function sla._known_schedule(uuid) is
'The schedule of the current tenant with that key. Errors: SL001 when there is none, or when it is retired.';
