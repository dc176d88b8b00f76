create or replace function sla._move_to_calendar(
    p_tenant_id uuid, p_ticket_ids uuid[], p_calendar_id bigint, p_older bigint[], p_now timestamptz
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    perform sla._settle(p_tenant_id, array_agg(d.ticket_id), p_now)
    from (
        select distinct c.ticket_id from sla.clocks c
        where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids) and c.next_fire_at <= p_now
    ) d
    having count(*) > 0;

    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select p_tenant_id, c.ticket_id, 'recalculated',
           jsonb_build_object('calendar_id', p_calendar_id, 'old_calendar_id', c.calendar_id,
                              'metrics', jsonb_agg(c.metric order by c.metric)),
           greatest(p_now, c.changed_at), sla._actor(), p_now
    from sla.clocks c
    where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids) and c.state in ('running', 'paused')
      and c.calendar_id = any (p_older)
    group by c.ticket_id, c.calendar_id, greatest(p_now, c.changed_at);
    perform sla._count_anew(p_tenant_id, p_ticket_ids, p_now, false, p_calendar_id);

    -- What stayed behind needs more business time than the new version will ever have (docs/decisions 29).
    perform sla._cancel_clock(c, greatest(p_now, c.changed_at), 'error')
    from sla.clocks c
    where c.tenant_id = p_tenant_id and c.ticket_id = any (p_ticket_ids) and c.state in ('running', 'paused')
      and c.calendar_id = any (p_older);
end
$$;
comment on function sla._move_to_calendar(uuid, uuid[], bigint, bigint[], timestamptz) is
'Settles the open clocks of tickets that count in older versions of a schedule, moves them to its new one and counts them anew; the old version stays in the audit log.';
