create or replace view sla.health with (security_invoker = true) as
with untracked as (
    select coalesce(a.reason, 'unknown') as reason, count(*) as tickets
    from helpdesk.tickets t
    left join helpdesk.statuses s on s.tenant_id = t.tenant_id and s.status_id = t.status_id
    left join lateral (
        select l.event_data ->> 'reason' as reason
        from sla.audit_log l
        where l.tenant_id = t.tenant_id and l.ticket_id = t.ticket_id and l.event_type = 'sla_not_started'
        order by l.log_id desc
        limit 1
    ) a on true
    where s.is_closed is not true
        and not exists (select from sla.clocks c where c.tenant_id = t.tenant_id and c.ticket_id = t.ticket_id)
    group by coalesce(a.reason, 'unknown')
), lost as (
    select count(*) as clocks
    from sla.clocks c
    where c.state = 'cancelled' and c.cancel_reason = 'error'
), due as (
    select (select sla.now()) - min(c.next_fire_at) as lag
    from sla.clocks c
    where c.next_fire_at is not null and not exists (
        select from sla.sweep_errors e where e.tenant_id = c.tenant_id and e.ticket_id = c.ticket_id)
), sweep as (
    select max(r.finished_at) as finished_at from sla.sweep_runs r
), failing as (
    select count(*) as tickets, min(e.message) as message from sla.sweep_errors e
), broken as (
    select string_agg(x.name || ': ' || x.problem, '; ' order by x.name) as problems
    from (
        select s.name, case
            when s.calendar_id is null then 'it has no calendar yet'
            else sla._calendar_problem(s.calendar_id) end as problem
        from sla.schedules s
        where s.archived_at is null and not s.is_24x7
    ) x
    where x.problem is not null
), outbox as (
    select
        count(*) filter (where n.state = 'dead') as dead,
        min(n.last_error) filter (where n.state = 'dead') as dead_error,
        count(*) filter (where n.state = 'pending' and n.next_attempt_at < (select sla.now()) - interval '5 minutes')
            as late,
        (select sla.now()) - min(n.next_attempt_at) filter (where n.state = 'pending') as lag
    from sla.notifications n
    where n.state in ('dead', 'pending')
)
select c.check_name, c.state, c.detail, c.hint
from (
    select 1 as place, 'untracked_tickets' as check_name,
        case when sum(u.tickets) is null then 'ok'
            when bool_and(u.reason in ('no_policy', 'no_target')) then 'warn' else 'fail' end as state,
        coalesce('open tickets without clocks: '
            || string_agg(u.tickets || ' (' || u.reason || ')', ', ' order by u.tickets desc, u.reason),
            'every open ticket is tracked') as detail,
        case when sum(u.tickets) is not null then
            'give their client or board a policy, or the tenant a default one; then sla.start_tracking(ticket_id)'
        end as hint
    from untracked u
    union all
    select 2, 'lost_clocks', case when l.clocks = 0 then 'ok' else 'fail' end,
        case when l.clocks = 0 then 'no clock was given up' else
            l.clocks || ' clocks were cancelled because their new terms could not be counted' end,
        case when l.clocks > 0 then 'mend the schedule, then sla.start_tracking(ticket_id)' end
    from lost l
    union all
    select 3, 'sweep_lag',
        case when d.lag is null or d.lag <= interval '6 minutes' then 'ok'
            when d.lag <= interval '15 minutes' then 'warn' else 'fail' end,
        case when d.lag > interval '0' then 'the oldest crossing not yet recorded is ' || d.lag::text || ' old'
            else 'nothing is due' end,
        case when d.lag > interval '6 minutes' then 'call sla.sweep(); and see why pg_cron does not: slapg doctor' end
    from due d
    union all
    select 4, 'last_sweep',
        case when s.finished_at >= (select sla.now()) - interval '15 minutes' then 'ok' else 'warn' end,
        coalesce('the last recorded sweep ended at ' || s.finished_at::text, 'no sweep has been recorded yet'),
        case when s.finished_at >= (select sla.now()) - interval '15 minutes' then null
            else 'is the pg_cron job slapg-sweep there and active? slapg doctor tells' end
    from sweep s
    union all
    select 5, 'sweep_errors', case when f.tickets = 0 then 'ok' else 'fail' end,
        case when f.tickets = 0 then 'the sweep settles every ticket' else
            f.tickets || ' tickets cannot be settled; one says: ' || f.message end,
        case when f.tickets > 0 then 'see sla.sweep_errors; a ticket is tried again at its retry_at' end
    from failing f
    union all
    select 6, 'calendars', case when b.problems is null then 'ok' else 'fail' end,
        coalesce(b.problems, 'every schedule can be counted in'),
        case when b.problems is not null then 'mend the entries, holidays or time zone of the schedule' end
    from broken b
    union all
    select 7, 'dead_notifications', case when o.dead = 0 then 'ok' else 'warn' end,
        case when o.dead = 0 then 'no notification was given up' else
            o.dead || ' notifications were given up; one says: ' || coalesce(o.dead_error, 'nothing') end,
        case when o.dead > 0 then 'slapg notifications list --state dead; once mended, slapg notifications retry' end
    from outbox o
    union all
    select 8, 'late_notifications',
        case when o.late = 0 then 'ok' when o.lag < interval '1 hour' then 'warn' else 'fail' end,
        case when o.late = 0 then 'no notification waits too long' else
            o.late || ' notifications wait to be sent, the oldest for ' || o.lag::text end,
        case when o.late > 0 then 'start slapg listen, and see that the channel is configured: slapg channel list' end
    from outbox o
) c
order by c.place;
comment on view sla.health is
    'What an operator must look at, one row a check; each row that is not ok says what to do.';
comment on column sla.health.check_name is
    'untracked_tickets, lost_clocks, sweep_lag, last_sweep, sweep_errors, calendars, dead_notifications, late_notifications.';
comment on column sla.health.state is 'ok, warn (look at it today) or fail (promises are not being kept track of).';
comment on column sla.health.detail is 'What was found.';
comment on column sla.health.hint is 'What to do; null when all is well.';
