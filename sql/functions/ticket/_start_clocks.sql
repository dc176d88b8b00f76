create or replace function sla._start_clocks(p_tickets helpdesk.tickets[], p_policy_id uuid, p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_ticket helpdesk.tickets := p_tickets[1];
    v_settings record;
    v_terms sla.terms[];
    v_metric sla.terms;
    v_promise jsonb := '{}'::jsonb;
    v_alike jsonb;
    v_told jsonb;
    v_paused_by text[] := sla._pausing_reasons(v_ticket.tenant_id, v_ticket.status_id, v_ticket.response_state);
    v_is_closed boolean := sla._is_closed_status(v_ticket.tenant_id, v_ticket.status_id);
    v_since timestamptz;
    v_clock sla.clocks;
    v_clocks sla.clocks[] := '{}'::sla.clocks[];
    v_entry sla.audit_log;
    v_entries sla.audit_log[] := '{}'::sla.audit_log[];
begin
    select g.import_after, g.close_completes_response into v_settings
    from sla.settings g where g.tenant_id = v_ticket.tenant_id;
    v_terms := array(
        select t from sla.terms t
        where t.tenant_id = v_ticket.tenant_id and t.policy_id = p_policy_id and t.priority_id = v_ticket.priority_id);
    foreach v_metric in array v_terms loop
        v_promise := v_promise || jsonb_build_object(v_metric.metric, v_metric.definition);
    end loop;
    v_alike := jsonb_strip_nulls(jsonb_build_object(
        'status_id', v_ticket.status_id, 'response_state', v_ticket.response_state,
        'priority_id', v_ticket.priority_id, 'policy_id', p_policy_id,
        'closed', nullif(v_is_closed, false), 'paused_by', nullif(v_paused_by, '{}'),
        -- What becomes of the response clock of a ticket born closed depends on the setting of then.
        'closing_completes_response', case when v_is_closed then v_settings.close_completes_response end));

    v_clock.tenant_id := v_ticket.tenant_id;
    v_clock.cycle := 1;
    v_clock.policy_id := p_policy_id;
    v_clock.priority_id := v_ticket.priority_id;
    v_entry.tenant_id := v_ticket.tenant_id;
    v_entry.actor := sla._actor();
    v_entry.created_at := p_now;
    foreach v_ticket in array p_tickets loop
        v_since := case when v_is_closed then sla._closing_instant(v_ticket.entered_at, v_ticket.closed_at, p_now)
                        else v_ticket.entered_at end;
        v_told := v_promise;
        foreach v_metric in array v_terms loop
            v_clock.crossings := sla._crossings(v_metric.calendar_id, v_ticket.entered_at, v_metric.amounts);
            if v_clock.crossings is null then
                v_told := v_told - v_metric.metric;
                continue;
            end if;
            v_clock.ticket_id := v_ticket.ticket_id;
            v_clock.metric := v_metric.metric;
            v_clock.calendar_id := v_metric.calendar_id;
            v_clock.target := v_metric.target;
            v_clock.percents := v_metric.percents;
            v_clock.escalation_percents := v_metric.escalation_percents;
            v_clock.started_at := v_ticket.entered_at;
            v_clock.due_at := v_clock.crossings[array_position(v_metric.percents, 100::smallint)];
            v_clock.changed_at := v_since;
            v_clock.silent_before := case when v_ticket.entered_at < p_now - v_settings.import_after then p_now end;
            -- The row trigger has filled in a null due_date with this very instant.
            v_clock.keeps_due_date :=
                v_metric.metric = 'resolution' and v_ticket.due_date is not distinct from v_clock.due_at;
            if v_is_closed and (v_metric.metric <> 'response' or v_settings.close_completes_response) then
                v_clock.state := 'completed';
                v_clock.paused_at := null;
                v_clock.completed_at := v_since;
                v_clock.met := v_since <= v_clock.due_at;
                v_clock.breached_at := case when not v_clock.met then v_clock.due_at end;
                v_clock.next_percent := null;
            elsif v_is_closed or v_paused_by <> '{}' then
                v_clock.state := 'paused';
                v_clock.paused_at := v_since;
                v_clock.completed_at := null;
                v_clock.met := null;
                v_clock.breached_at := null;
                v_clock.next_percent := v_metric.percents[1];
            else
                v_clock.state := 'running';
                v_clock.next_percent := v_metric.percents[1];
                v_clock.next_fire_at := v_clock.crossings[1];
            end if;
            v_clocks[cardinality(v_clocks) + 1] := v_clock;
        end loop;
        v_entry.ticket_id := v_ticket.ticket_id;
        v_entry.effective_at := v_ticket.entered_at;
        v_entry.event_type := case when v_told = '{}' then 'sla_not_started' else 'sla_started' end;
        v_entry.event_data := jsonb_strip_nulls(jsonb_build_object(
            'client_id', v_ticket.client_id, 'board_id', v_ticket.board_id, 'sla_policy_id', v_ticket.sla_policy_id,
            'closed_at', v_ticket.closed_at,
            'clamped', case when v_is_closed and v_since <> v_ticket.closed_at then true end,
            'terms', nullif(v_told, '{}'),
            'reason', case when v_told = '{}' then
                sla._why_not_tracked(v_ticket.tenant_id, p_policy_id, v_ticket.priority_id) end)) || v_alike;
        v_entries[cardinality(v_entries) + 1] := v_entry;
    end loop;

    insert into sla.clocks select c.* from unnest(v_clocks) c;
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select e.tenant_id, e.ticket_id, e.event_type, e.event_data, e.effective_at, e.actor, e.created_at
    from unnest(v_entries) e;
    if v_is_closed or v_paused_by <> '{}' then
        perform sla._open_first_pauses(
            p_tickets, p_now, v_paused_by, v_is_closed, v_settings.close_completes_response);
    end if;
end
$$;
comment on function sla._start_clocks(helpdesk.tickets[], uuid, timestamptz) is
'Starts the clocks of tickets just inserted, at entered_at, running, paused or completed as they were born (semantics §2), and writes one audit entry a ticket: sla_started with the terms, or sla_not_started with the reason. The tickets are alike in all that decides how: tenant, policy, priority, status, response state.';
