create or replace function sla._start_clocks(p_tickets helpdesk.tickets[], p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_stand_still boolean;
begin
    -- One statement for clocks and audit: starting one is most of what a single ticket costs.
    with arrival as materialized (
        select a.* from sla._arrivals(p_tickets, p_now) a
    ), counted as materialized (
        select a.*, t.metric, t.calendar_id, t.target, t.percents, t.escalation_percents, t.definition, x.crossings,
               x.crossings[array_position(t.percents, 100::smallint)] as due_at,
               case when a.closed_at is not null and (t.metric <> 'response' or a.closing_completes_response)
                    then 'completed'
                    when a.closed_at is not null or a.paused_by <> '{}' then 'paused'
                    else 'running' end as state
        from arrival a
        left join lateral (
            select t.* from sla.terms t
            where t.tenant_id = a.tenant_id and t.policy_id = a.policy_id and t.priority_id = a.priority_id
            offset 0
        ) t on true
        cross join lateral (
            select case when t.metric is not null
                        then sla._crossings(t.calendar_id, a.entered_at, t.amounts) end as crossings
            offset 0
        ) x
    ), started as (
        insert into sla.clocks (
            tenant_id, ticket_id, metric, state, policy_id, priority_id, calendar_id, target, percents, crossings,
            escalation_percents, started_at, due_at, paused_at, completed_at, breached_at, met, next_percent,
            next_fire_at, changed_at, silent_before, keeps_due_date)
        select c.tenant_id, c.ticket_id, c.metric, c.state, c.policy_id, c.priority_id, c.calendar_id, c.target,
               c.percents, c.crossings, c.escalation_percents, c.entered_at, c.due_at,
               case when c.state = 'paused' then coalesce(c.closed_at, c.entered_at) end,
               case when c.state = 'completed' then c.closed_at end,
               case when c.state = 'completed' and c.closed_at > c.due_at then c.due_at end,
               case when c.state = 'completed' then c.closed_at <= c.due_at end,
               case when c.state <> 'completed' then c.percents[1] end,
               case when c.state = 'running' then c.crossings[1] end,
               coalesce(c.closed_at, c.entered_at), c.silent_before,
               -- The row trigger has filled in a null due_date with this very instant.
               c.metric = 'resolution' and c.due_date is not distinct from c.due_at
        from counted c
        where c.due_at is not null
    ), audited as (
        insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
        select k.tenant_id, k.ticket_id,
               case when k.terms is null then 'sla_not_started' else 'sla_started' end,
               k.born || case
                   when k.terms is not null then jsonb_strip_nulls(jsonb_build_object('terms', k.terms))
                   else jsonb_build_object('reason', sla._why_not_tracked(
                       k.tenant_id, (k.born ->> 'policy_id')::uuid, (k.born ->> 'priority_id')::uuid))
               end,
               k.entered_at, sla._actor(), p_now
        from (
            select c.tenant_id, c.ticket_id, min(c.entered_at) as entered_at, (array_agg(c.born))[1] as born,
                   jsonb_object_agg(c.metric, c.definition) filter (where c.due_at is not null) as terms
            from counted c
            group by c.tenant_id, c.ticket_id
        ) k
    )
    select bool_or(a.closed_at is not null or a.paused_by <> '{}') into v_stand_still from arrival a;

    if v_stand_still then
        perform sla._open_arrival_pauses(p_tickets, p_now);
    end if;
end
$$;
comment on function sla._start_clocks(helpdesk.tickets[], timestamptz) is
'Starts the clocks of tickets just inserted, at entered_at, running, paused or completed as they were born (semantics §2), and writes one audit entry a ticket: sla_started with its terms, or sla_not_started with the reason. Set-based, callable for one ticket.';
