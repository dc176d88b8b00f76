create or replace function sla.simulate_tickets(
    p_from timestamptz, p_until timestamptz, p_targets jsonb default null, p_policy_id uuid default null,
    p_schedule_id uuid default null, p_extra_hours jsonb default null, p_pause_statuses uuid[] default null,
    p_pause_on_awaiting_client boolean default null, p_of_policy_id uuid default null)
returns table (
    ticket_id uuid, metric text, cycle smallint, priority_id uuid, started_at timestamptz, completed_at timestamptz,
    recorded_target interval, recorded_due_at timestamptz, recorded_outcome text,
    simulated_target interval, simulated_due_at timestamptz, simulated_outcome text)
language plpgsql stable parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
begin
    return query
    select s.ticket_id, s.metric, s.cycle, s.priority_id, sla._from_us(s.started_at), sla._from_us(s.completed_at),
           c.target, c.due_at,
           case when c.state = 'completed' and c.met then 'met'
                when c.met is false or (c.state = 'running' and c.due_at < sla.now()) then 'missed'
                when c.state in ('running', 'paused') then 'open' end,
           sla._duration(s.target), sla._from_us(s.due_at), s.outcome
    from sla._simulate_clocks(p_from, p_until, sla._scenario(
        p_targets, p_policy_id, p_schedule_id, p_extra_hours, p_pause_statuses, p_pause_on_awaiting_client,
        p_of_policy_id)) s
    left join sla.clocks c
        on c.tenant_id = helpdesk.current_tenant() and c.ticket_id = s.ticket_id and c.metric = s.metric
        and c.cycle = s.cycle and c.state <> 'cancelled'
    where c.ticket_id is not null or s.outcome is not null;
end
$$;
comment on function sla.simulate_tickets(timestamptz, timestamptz, jsonb, uuid, uuid, jsonb, uuid[], boolean, uuid) is
    'What if: every clock of the tickets entered in [p_from, p_until), as it was recorded and as it would have been under other terms, from the tickets'' history; changes nothing. Each null argument leaves things as they were. p_targets: {"priority name, id or * for all": {"response_minutes": 120, "resolution_minutes": null (no promise), "is_24x7": false}}; p_policy_id: the promises of this policy as it is now; p_schedule_id: the newest hours of this schedule, but for targets around the clock; p_extra_hours: [{"day_of_week": 6, "start_time": "09:00", "end_time": "13:00"}] besides the hours that count; p_pause_statuses: the statuses that pause; p_pause_on_awaiting_client: whether awaiting_client does; p_of_policy_id: only tickets whose last terms were this policy''s. Outcomes: met, missed (also when open and overdue), open, null (nothing promised). Errors: SL001 unknown schedule, SL015 unknown policy, SL050 what is not understood. Source: semantics §7.';
