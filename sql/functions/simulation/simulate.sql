create or replace function sla.simulate(
    p_from timestamptz, p_until timestamptz, p_targets jsonb default null, p_policy_id uuid default null,
    p_schedule_id uuid default null, p_extra_hours jsonb default null, p_pause_statuses uuid[] default null,
    p_pause_on_awaiting_client boolean default null, p_of_policy_id uuid default null)
returns table (
    priority_id uuid, priority text, metric text,
    recorded_met bigint, recorded_missed bigint, recorded_open bigint, recorded_percent numeric,
    simulated_met bigint, simulated_missed bigint, simulated_open bigint, simulated_percent numeric)
language plpgsql stable parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select k.priority_id, p.name, k.metric,
           k.met, k.missed, k.open, trunc(k.met * 100.0 / nullif(k.met + k.missed, 0), 2),
           k.would_meet, k.would_miss, k.would_be_open,
           trunc(k.would_meet * 100.0 / nullif(k.would_meet + k.would_miss, 0), 2)
    from (
        select s.priority_id, s.metric,
               count(*) filter (where s.recorded_outcome = 'met') as met,
               count(*) filter (where s.recorded_outcome = 'missed') as missed,
               count(*) filter (where s.recorded_outcome = 'open') as open,
               count(*) filter (where s.simulated_outcome = 'met') as would_meet,
               count(*) filter (where s.simulated_outcome = 'missed') as would_miss,
               count(*) filter (where s.simulated_outcome = 'open') as would_be_open
        from sla.simulate_tickets(
            p_from, p_until, p_targets, p_policy_id, p_schedule_id, p_extra_hours, p_pause_statuses,
            p_pause_on_awaiting_client, p_of_policy_id) s
        group by s.priority_id, s.metric
    ) k
    left join helpdesk.priorities p on p.tenant_id = helpdesk.current_tenant() and p.priority_id = k.priority_id
    order by p.rank, p.name, k.metric desc;
end
$$;
comment on function sla.simulate(timestamptz, timestamptz, jsonb, uuid, uuid, jsonb, uuid[], boolean, uuid) is
    'What if: compliance of the tickets entered in [p_from, p_until) as recorded and under other terms, by priority and metric: clocks met, missed (also open and overdue ones), open, and the percent met of those with a verdict, cut to two decimals. Changes nothing. Arguments and errors as of sla.simulate_tickets. Source: semantics §7.';
