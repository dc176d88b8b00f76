create or replace function sla._recount_open_clocks(p_tenant_id uuid, p_schedule_id uuid, p_calendar_id bigint) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_now timestamptz := sla.now();
    v_older bigint[] := sla._older_versions(p_tenant_id, p_calendar_id);
    v_ticket_ids uuid[];
    v_problem text;
begin
    select array_agg(distinct c.ticket_id) into v_ticket_ids
    from sla.clocks c
    where c.tenant_id = p_tenant_id and c.state in ('running', 'paused') and c.calendar_id = any (v_older);
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
    -- In slices, so that the work on each stays in memory.
    for v_first in 1 .. cardinality(v_ticket_ids) by 1000 loop
        perform sla._move_to_calendar(p_tenant_id, v_ticket_ids[v_first:v_first + 999], p_calendar_id, v_older, v_now);
    end loop;
end
$$;
comment on function sla._recount_open_clocks(uuid, uuid, bigint) is
'Moves the open clocks of a schedule to its new calendar version and counts them anew, set-based (semantics §4). Errors: SL007 when the new version cannot be counted in.';
