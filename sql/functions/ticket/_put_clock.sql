create or replace function sla._put_clock(
    p_ticket helpdesk.tickets, p_terms sla.terms, p_cycle smallint, p_started_at timestamptz, p_at timestamptz
) returns boolean
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_crossings timestamptz[] := sla._project(
        p_ticket.tenant_id, p_ticket.ticket_id, p_terms.calendar_id, p_started_at, p_terms.amounts);
    v_due_at timestamptz := v_crossings[array_position(p_terms.percents, 100::smallint)];
    v_paused_at timestamptz := sla._paused_since(p_ticket.tenant_id, p_ticket.ticket_id, p_started_at);
begin
    if v_crossings is null then
        return false;
    end if;
    insert into sla.clocks as c (
        tenant_id, ticket_id, metric, cycle, state, policy_id, priority_id, calendar_id, target, percents, crossings,
        escalation_percents, started_at, due_at, paused_at, next_percent, next_fire_at, changed_at, silent_before,
        keeps_due_date)
    values (p_ticket.tenant_id, p_ticket.ticket_id, p_terms.metric, p_cycle,
            case when v_paused_at is null then 'running' else 'paused' end, p_terms.policy_id, p_terms.priority_id,
            p_terms.calendar_id, p_terms.target, p_terms.percents, v_crossings, p_terms.escalation_percents,
            p_started_at, v_due_at, v_paused_at, p_terms.percents[1],
            case when v_paused_at is null then v_crossings[1] end, greatest(p_at, p_started_at),
            case when p_started_at = p_ticket.entered_at then sla._silent_before(p_ticket) end, false)
    on conflict (tenant_id, ticket_id, metric, cycle) do update
    set state = excluded.state, policy_id = excluded.policy_id, priority_id = excluded.priority_id,
        calendar_id = excluded.calendar_id, target = excluded.target, percents = excluded.percents,
        crossings = excluded.crossings, escalation_percents = excluded.escalation_percents, due_at = excluded.due_at,
        paused_at = excluded.paused_at, next_percent = excluded.next_percent, next_fire_at = excluded.next_fire_at,
        changed_at = excluded.changed_at, completed_at = null, breached_at = null, met = null, cancel_reason = null;
    if p_terms.metric = 'resolution' then
        perform sla._fill_due_date(p_ticket.tenant_id, p_ticket.ticket_id);
    end if;
    return true;
end
$$;
comment on function sla._put_clock(helpdesk.tickets, sla.terms, smallint, timestamptz, timestamptz) is
'Writes a clock that begins at p_started_at under the terms, paused as the ticket is, or revives the one with its number; false when its calendar cannot be counted in.';
