create or replace function sla.delete_schedule(p_schedule_id uuid, p_reassign_to uuid default null) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
    v_schedule sla.schedules := sla._known_schedule(p_schedule_id);
begin
    if p_reassign_to is not null then
        perform sla._refuse_same('schedule', p_schedule_id, p_reassign_to);
        perform sla._known_schedule(p_reassign_to);
        update sla.policies p set schedule_id = p_reassign_to
        where p.tenant_id = v_tenant_id and p.schedule_id = p_schedule_id and p.archived_at is null;
        update sla.recipient_preferences r set schedule_id = p_reassign_to
        where r.tenant_id = v_tenant_id and r.schedule_id = p_schedule_id;
        if v_schedule.is_default then
            perform sla.set_default_schedule(p_reassign_to);
        end if;
        perform sla.recalculate(u.policy_id)
        from (
            select distinct c.policy_id
            from sla.calendars k
            join sla.clocks c on c.tenant_id = k.tenant_id and c.calendar_id = k.calendar_id
            where k.tenant_id = v_tenant_id and k.schedule_id = p_schedule_id and c.state in ('running', 'paused')
        ) u;
    end if;
    delete from sla.schedules s where s.tenant_id = v_tenant_id and s.schedule_id = p_schedule_id;
end
$$;
comment on function sla.delete_schedule(uuid, uuid) is
'Deletes a schedule; when old calendars name it, it is retired instead. p_reassign_to: its policies, the recipients who work in it and the default take that schedule first, and the open clocks that count in it are recalculated. Errors: SL019 it is in use (the users are named), SL001 unknown schedule, SL026 reassigned to itself. Source: semantics §4.';
