create or replace function sla._recount_open_clocks(p_tenant_id uuid, p_schedule_id uuid, p_calendar_id bigint) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
    v_ticket_ids uuid[];
    v_problem text;
begin
    select array_agg(distinct c.ticket_id) into v_ticket_ids
    from sla.clocks c
    where c.tenant_id = p_tenant_id and c.state in ('running', 'paused') and c.calendar_id in (
        select k.calendar_id from sla.calendars k
        where k.tenant_id = p_tenant_id and k.schedule_id = p_schedule_id and k.calendar_id <> p_calendar_id);
    if v_ticket_ids is null then
        return;
    end if;
    v_problem := sla._calendar_problem(p_calendar_id);
    if v_problem is not null then
        raise exception 'schedule "%" cannot be changed so: %, and % open tickets count in it',
            (select s.name from sla.schedules s where s.tenant_id = p_tenant_id and s.schedule_id = p_schedule_id),
            v_problem, cardinality(v_ticket_ids)
            using errcode = 'SL007', hint = 'Give it opening hours in the same transaction.';
    end if;
    perform sla._lock_clocks(p_tenant_id, v_ticket_ids);
    perform sla._settle(p_tenant_id, v_ticket_ids, v_now);
    with moved as (
        update sla.clocks c set calendar_id = p_calendar_id
        where c.tenant_id = p_tenant_id and c.ticket_id = any (v_ticket_ids) and c.state in ('running', 'paused')
          and c.calendar_id in (
            select k.calendar_id from sla.calendars k
            where k.tenant_id = p_tenant_id and k.schedule_id = p_schedule_id)
        returning c.ticket_id, c.metric, c.cycle, greatest(v_now, c.changed_at) as effective_at
    )
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select p_tenant_id, m.ticket_id, 'recalculated',
           jsonb_build_object('calendar_id', p_calendar_id, 'metrics', jsonb_agg(m.metric order by m.metric)),
           m.effective_at, sla._actor(), v_now
    from moved m
    group by m.ticket_id, m.effective_at;
    perform sla._count_anew(p_tenant_id, v_ticket_ids, v_now);
end
$$;
comment on function sla._recount_open_clocks(uuid, uuid, bigint) is
'Moves the open clocks of a schedule to its new calendar version and counts them anew, set-based (semantics §4). Errors: SL007 when the new version cannot be counted in.';
