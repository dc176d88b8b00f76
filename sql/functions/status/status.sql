-- requires: sla.now
create or replace function sla.status(p_ticket_id uuid, p_at timestamptz default sla.now())
returns table (
    metric text, cycle smallint, state text, policy text, target interval, started_at timestamptz,
    due_at timestamptz, completed_at timestamptz, elapsed interval, remaining interval, percent numeric,
    paused boolean, reason text, met boolean)
language plpgsql stable parallel unsafe security definer set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := helpdesk.current_tenant();
begin
    if not exists (
        select from helpdesk.tickets t where t.tenant_id = v_tenant_id and t.ticket_id = p_ticket_id
    ) then
        raise exception using
            errcode = 'SL010',
            message = format('there is no ticket %s', coalesce(p_ticket_id::text, '(null)')),
            hint = 'give the ticket_id of a ticket of this tenant';
    end if;
    if p_at < sla.now() and sla._tells_its_story(v_tenant_id, p_ticket_id) then
        return query select s.* from sla._past_clock_status(v_tenant_id, p_ticket_id, p_at) s;
    else
        return query select s.* from sla._clock_status(v_tenant_id, p_ticket_id, p_at) s;
    end if;
end
$$;
comment on function sla.status(uuid, timestamptz) is
    'How the clocks of a ticket stand at an instant (UTC), one row a metric and cycle: elapsed, remaining (negative once overdue) and target in business time. A past instant is answered from the ticket''s history: the terms, pauses, deadline and verdict of then, by what has since been known to have taken effect by then (a closing supplied late counts from when it was); where the history''s beginning was dropped, by the pauses of then under the terms of now. Unknown ticket: SQLSTATE SL010. Source: semantics §2.';
