-- requires: sla._verdicts
create or replace view sla.average_times with (security_invoker = true) as
select
    v.tenant_id,
    v.policy_id,
    p.name as policy,
    v.priority_id,
    r.name as priority,
    r.rank,
    v.metric,
    v.completed,
    v.average_elapsed,
    v.median_elapsed,
    v.average_wall_clock,
    v.average_percent
from (
    select
        f.tenant_id, f.policy_id, f.priority_id, f.metric,
        count(*) as completed,
        sla._duration(round(avg(e.elapsed_us))::bigint) as average_elapsed,
        sla._duration(percentile_disc(0.5) within group (order by e.elapsed_us)) as median_elapsed,
        avg(f.completed_at - f.started_at) as average_wall_clock,
        round(avg(100.0 * e.elapsed_us / (extract(epoch from f.target) * 1000000)), 1) as average_percent
    from sla._verdicts f
    cross join lateral (
        select (extract(epoch from sla._business_time_in(
            f.calendar_id,
            sla._clock_runs(f.tenant_id, f.ticket_id, f.started_at, f.completed_at))) * 1000000)::bigint as elapsed_us
    ) e
    where f.completed_at is not null
    group by f.tenant_id, f.policy_id, f.priority_id, f.metric
) v
join sla.policies p on p.tenant_id = v.tenant_id and p.policy_id = v.policy_id
left join helpdesk.priorities r on r.tenant_id = v.tenant_id and r.priority_id = v.priority_id;
comment on view sla.average_times is
    'How long completed responses and resolutions took, per policy, priority and metric, over all time.';
comment on column sla.average_times.tenant_id is 'Tenant that owns the tickets.';
comment on column sla.average_times.policy_id is 'Policy that made the promise.';
comment on column sla.average_times.policy is 'Its name.';
comment on column sla.average_times.priority_id is 'Priority that the promise was made for.';
comment on column sla.average_times.priority is 'Its name.';
comment on column sla.average_times.rank is 'Its order in lists, the most urgent first.';
comment on column sla.average_times.metric is 'response or resolution.';
comment on column sla.average_times.completed is 'Clocks that completed.';
comment on column sla.average_times.average_elapsed is 'Mean business time that they counted, without pauses (hours, minutes, seconds).';
comment on column sla.average_times.median_elapsed is 'Median of the same.';
comment on column sla.average_times.average_wall_clock is 'Mean time from start to completion by the wall clock, nights and pauses included.';
comment on column sla.average_times.average_percent is 'Mean percent of the target that they used.';
