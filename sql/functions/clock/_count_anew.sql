create or replace function sla._count_anew(
    p_tenant_id uuid, p_ticket_ids uuid[], p_at timestamptz, p_completing boolean default false
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    perform set_config('slapg.keeping_due_date', 'yes', true);
    with counted as (
        update sla.clocks c
        set crossings = n.crossings, due_at = n.due_at, next_percent = c.percents[1],
            next_fire_at = case when c.state = 'running' then n.crossings[1] end,
            changed_at = greatest(c.changed_at, p_at)
        from (
            select o.tenant_id, o.ticket_id, o.metric, o.cycle, o.due_at as old_due_at, x.crossings,
                   x.crossings[array_position(o.percents, 100::smallint)] as due_at
            from sla.clocks o
            cross join lateral (
                select sla._project(o.tenant_id, o.ticket_id, o.calendar_id, o.started_at,
                                    sla._amounts(o.target, o.percents)) as crossings offset 0
            ) x
            where o.tenant_id = p_tenant_id and o.ticket_id = any (p_ticket_ids) and o.state in ('running', 'paused')
        ) n
        where c.tenant_id = n.tenant_id and c.ticket_id = n.ticket_id and c.metric = n.metric and c.cycle = n.cycle
          and n.crossings is not null
        returning c.ticket_id, c.keeps_due_date, c.due_at, n.old_due_at
    )
    update helpdesk.tickets t set due_date = k.due_at
    from counted k
    where t.tenant_id = p_tenant_id and t.ticket_id = k.ticket_id and k.keeps_due_date
      and t.due_date is distinct from k.due_at
      and (t.due_date is null or t.due_date between k.old_due_at - interval '1 minute'
                                                and k.old_due_at + interval '1 minute');
    perform set_config('slapg.keeping_due_date', '', true);

    perform sla._withdraw_undone(p_tenant_id, p_ticket_ids, p_at);
    perform sla._settle(p_tenant_id, p_ticket_ids, p_at, p_completing);
end
$$;
comment on function sla._count_anew(uuid, uuid[], timestamptz, boolean) is
'After the terms or the pauses of open clocks changed at p_at: counts them anew from their start, withdraws what did not happen, records what did, keeps due_date in step (semantics §2-§4).';
