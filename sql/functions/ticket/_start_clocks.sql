create or replace function sla._start_clocks(p_tickets helpdesk.tickets[], p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    insert into sla.clocks (
        tenant_id, ticket_id, metric, state, policy_id, priority_id, calendar_id, target, percents, crossings,
        escalation_percents, started_at, due_at, paused_at, completed_at, breached_at, met, next_percent,
        next_fire_at, changed_at, silent_before, keeps_due_date)
    select a.tenant_id, a.ticket_id, t.metric, s.state, a.policy_id, a.priority_id, t.calendar_id, t.target,
           t.percents, x.crossings, t.escalation_percents, a.entered_at, d.due_at,
           case when s.state = 'paused' then coalesce(a.closed_at, a.entered_at) end,
           case when s.state = 'completed' then a.closed_at end,
           case when s.state = 'completed' and a.closed_at > d.due_at then d.due_at end,
           case when s.state = 'completed' then a.closed_at <= d.due_at end,
           case when s.state <> 'completed' then t.percents[1] end,
           case when s.state = 'running' then x.crossings[1] end,
           coalesce(a.closed_at, a.entered_at), a.silent_before,
           -- The row trigger has filled in a null due_date with this very instant.
           t.metric = 'resolution' and a.due_date is not distinct from d.due_at
    from sla._arrivals(p_tickets, p_now) a
    cross join lateral (
        select t.metric, t.calendar_id, t.target, t.percents, t.amounts, t.escalation_percents
        from sla.terms t
        where t.tenant_id = a.tenant_id and t.policy_id = a.policy_id and t.priority_id = a.priority_id
        offset 0
    ) t
    cross join lateral (select sla._crossings(t.calendar_id, a.entered_at, t.amounts) as crossings offset 0) x
    cross join lateral (select x.crossings[array_position(t.percents, 100::smallint)] as due_at) d
    cross join lateral (
        select case when a.closed_at is not null and (t.metric <> 'response' or a.closing_completes_response)
                    then 'completed'
                    when a.closed_at is not null or a.paused_by <> '{}' then 'paused'
                    else 'running' end as state
    ) s
    where d.due_at is not null;

    perform sla._audit_arrivals(p_tickets, p_now);
    perform sla._open_arrival_pauses(p_tickets, p_now);
end
$$;
comment on function sla._start_clocks(helpdesk.tickets[], timestamptz) is
'Starts the clocks of tickets just inserted, at entered_at, running, paused or completed as they were born (semantics §2). Set-based, callable for one ticket.';
