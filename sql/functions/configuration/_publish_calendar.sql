create or replace function sla._publish_calendar(p_tenant_id uuid, p_schedule_id uuid) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_definition jsonb;
    v_calendar_id bigint;
begin
    delete from sla.calendar_edits e where e.tenant_id = p_tenant_id and e.schedule_id = p_schedule_id;
    if not found then
        return;  -- published earlier in this transaction
    end if;
    v_definition := sla._calendar_definition(p_tenant_id, p_schedule_id);
    if v_definition is null or exists (
        select from sla.schedules s
        join sla.calendars c on c.tenant_id = s.tenant_id and c.calendar_id = s.calendar_id
        where s.tenant_id = p_tenant_id and s.schedule_id = p_schedule_id and c.definition = v_definition
    ) then
        return;  -- the schedule is gone, or means what it meant
    end if;
    insert into sla.calendars (tenant_id, schedule_id, definition, created_at)
    values (p_tenant_id, p_schedule_id, v_definition, sla.now())
    returning calendar_id into v_calendar_id;
    update sla.schedules s set calendar_id = v_calendar_id
    where s.tenant_id = p_tenant_id and s.schedule_id = p_schedule_id;
    perform sla._forget_schedules();
    perform sla._compile_terms(p_tenant_id, p.policy_id)
    from sla.policies p
    where p.tenant_id = p_tenant_id and sla._policy_schedule(p.tenant_id, p.schedule_id) = p_schedule_id;
    perform sla._recount_open_clocks(p_tenant_id, p_schedule_id, v_calendar_id);
end
$$;
comment on function sla._publish_calendar(uuid, uuid) is
'Makes the next version of an edited schedule and recalculates the open clocks that count in it, once (semantics §1, §4). Errors: SL007 when it would leave them without any opening.';
