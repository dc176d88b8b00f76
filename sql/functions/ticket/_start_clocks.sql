create or replace function sla._start_clocks(p_tickets helpdesk.tickets[], p_policy_id uuid, p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_ticket helpdesk.tickets := p_tickets[1];
    v_paused_by text[];
    v_is_closed boolean;
    v_closing_completes boolean;
    v_import_after interval;
    v_terms sla.terms[];
    v_metric sla.terms;
    v_promise jsonb := '{}'::jsonb;
    v_told jsonb;
    v_since timestamptz;
    v_state text;
    v_crossings timestamptz[];
    v_due_at timestamptz;
    v_clocks sla.clocks[] := '{}'::sla.clocks[];
    v_entries sla.audit_log[] := '{}'::sla.audit_log[];
begin
    select array(
               select t from sla.terms t
               where t.tenant_id = v_ticket.tenant_id and t.policy_id = p_policy_id
                 and t.priority_id = v_ticket.priority_id),
           c.is_closed, r.reasons, g.import_after, g.close_completes_response
    into v_terms, v_is_closed, v_paused_by, v_import_after, v_closing_completes
    from sla._is_closed_status(v_ticket.tenant_id, v_ticket.status_id) c
    cross join sla._pausing_reasons(v_ticket.tenant_id, v_ticket.status_id, v_ticket.response_state) r
    left join sla.settings g on g.tenant_id = v_ticket.tenant_id;
    foreach v_metric in array v_terms loop
        v_promise := v_promise || jsonb_build_object(v_metric.metric, v_metric.definition);
    end loop;

    -- Few and large expressions: each costs its preparation once a transaction, which is all that one ticket has.
    foreach v_ticket in array p_tickets loop
        v_since := case when v_is_closed then sla._closing_instant(v_ticket.entered_at, v_ticket.closed_at, p_now)
                        else v_ticket.entered_at end;
        v_told := v_promise;
        foreach v_metric in array v_terms loop
            v_crossings := sla._crossings(v_metric.calendar_id, v_ticket.entered_at, v_metric.amounts);
            if v_crossings is null then
                v_told := v_told - v_metric.metric;
                continue;
            end if;
            v_due_at := v_crossings[array_position(v_metric.percents, 100::smallint)];
            v_state := case
                when v_is_closed and (v_metric.metric <> 'response' or v_closing_completes) then 'completed'
                when v_is_closed or v_paused_by <> '{}' then 'paused'
                else 'running' end;
            v_clocks := v_clocks || row(
                v_ticket.tenant_id, v_ticket.ticket_id, v_metric.metric, 1, v_state, p_policy_id, v_ticket.priority_id,
                v_metric.calendar_id, v_metric.target, v_metric.percents, v_crossings, v_metric.escalation_percents,
                v_ticket.entered_at, v_due_at,
                case when v_state = 'paused' then v_since end,  -- paused_at
                case when v_state = 'completed' then v_since end,  -- completed_at
                case when v_state = 'completed' and v_since > v_due_at then v_due_at end,  -- breached_at
                case when v_state = 'completed' then v_since <= v_due_at end,  -- met
                null,  -- cancel_reason
                case when v_state <> 'completed' then v_metric.percents[1] end,  -- next_percent
                case when v_state = 'running' then v_crossings[1] end,  -- next_fire_at
                v_since,  -- changed_at
                case when v_ticket.entered_at < p_now - v_import_after then p_now end,  -- silent_before
                -- keeps_due_date: the row trigger has filled in a null due_date with this very instant.
                v_metric.metric = 'resolution' and v_ticket.due_date is not distinct from v_due_at)::sla.clocks;
        end loop;
        v_entries := v_entries || row(
            v_ticket.tenant_id, v_ticket.ticket_id, null,
            case when v_told = '{}' then 'sla_not_started' else 'sla_started' end,
            jsonb_strip_nulls(jsonb_build_object(
                'status_id', v_ticket.status_id, 'response_state', v_ticket.response_state,
                'priority_id', v_ticket.priority_id, 'client_id', v_ticket.client_id, 'board_id', v_ticket.board_id,
                'sla_policy_id', v_ticket.sla_policy_id, 'policy_id', p_policy_id,
                'closed', nullif(v_is_closed, false), 'closed_at', v_ticket.closed_at,
                'clamped', case when v_is_closed and v_since <> v_ticket.closed_at then true end,
                -- What becomes of the response clock of a ticket born closed depends on the setting of then.
                'closing_completes_response', case when v_is_closed then v_closing_completes end,
                'paused_by', nullif(v_paused_by, '{}'),
                'reason', case when v_told = '{}' then
                    sla._why_not_tracked(v_ticket.tenant_id, p_policy_id, v_ticket.priority_id) end,
                'terms', nullif(v_told, '{}'))),
            v_ticket.entered_at, sla._actor(), p_now)::sla.audit_log;
    end loop;

    insert into sla.clocks select c.* from unnest(v_clocks) c;
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select e.tenant_id, e.ticket_id, e.event_type, e.event_data, e.effective_at, e.actor, e.created_at
    from unnest(v_entries) e;
    if v_is_closed or v_paused_by <> '{}' then
        perform sla._open_first_pauses(p_tickets, p_now, v_paused_by, v_is_closed, v_closing_completes);
    end if;
end
$$;
comment on function sla._start_clocks(helpdesk.tickets[], uuid, timestamptz) is
'Starts the clocks of tickets just inserted, at entered_at, running, paused or completed as they were born (semantics §2), and writes one audit entry a ticket: sla_started with the terms, or sla_not_started with the reason. The tickets are alike in all that decides how: tenant, policy, priority, status, response state.';
