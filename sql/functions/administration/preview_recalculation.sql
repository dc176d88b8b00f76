create or replace function sla.preview_recalculation(p_policy_id uuid)
returns table (
    ticket_id uuid, ticket_number text, metric text, effect text, old_due_at timestamptz, new_due_at timestamptz,
    old_percent numeric, new_percent numeric, changed_terms jsonb)
language plpgsql stable parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_policy sla.policies := sla._known_policy(p_policy_id);
    v_now timestamptz := sla.now();
begin
    return query
    select t.ticket_id, t.ticket_number, m.metric,
           case
               when x.crossings is null then 'cancelled'
               when o.is_open then 'changed'
               else 'started'
           end,
           case when o.is_open then c.due_at end,
           x.crossings[array_position(n.percents, 100::smallint)],
           case when o.is_open then sla._percent(sla._clock_elapsed(c, v_now), c.target) end,
           case when x.crossings is not null then sla._percent(sla._business_time_in(
               n.calendar_id, sla._clock_runs(t.tenant_id, t.ticket_id, o.started_at, v_now)), n.target) end,
           sla._terms_difference(case when o.is_open then c end, n)
    from helpdesk.tickets t
    cross join lateral sla._applicable_policy(t.tenant_id, t.sla_policy_id, t.client_id, t.board_id) a
    cross join lateral (
        select l.metric from sla._latest_clocks(t.tenant_id, t.ticket_id) l
        union
        select r.metric from sla.terms r
        where r.tenant_id = t.tenant_id and r.policy_id = a.policy_id and r.priority_id = t.priority_id
    ) m
    left join lateral sla._latest_clocks(t.tenant_id, t.ticket_id) c on c.metric = m.metric
    left join sla.terms n on n.tenant_id = t.tenant_id and n.policy_id = a.policy_id
        and n.priority_id = t.priority_id and n.metric = m.metric
    cross join lateral (
        select coalesce(c.state in ('running', 'paused'), false) as is_open,
               coalesce(c.started_at, t.entered_at) as started_at
        offset 0
    ) o
    cross join lateral (
        select case when n.metric is not null then sla._project(
            t.tenant_id, t.ticket_id, n.calendar_id, o.started_at, n.amounts) end as crossings
        offset 0
    ) x
    where t.tenant_id = v_policy.tenant_id
      and exists (
          select from sla.clocks k
          where k.tenant_id = t.tenant_id and k.ticket_id = t.ticket_id and k.policy_id = v_policy.policy_id
            and k.state in ('running', 'paused'))
      and case
          when o.is_open then n.metric is null or not sla._same_terms(c, n)
          else x.crossings is not null
               and (c.metric is null or (c.state = 'cancelled' and c.cancel_reason <> 'manual'))
      end
    order by t.ticket_number, m.metric;
end
$$;
comment on function sla.preview_recalculation(uuid) is
'What sla.recalculate would do to a policy''s open tickets, without doing it: one row for each clock that would be changed, cancelled or started (effect), with its due time (UTC) and the percent used now, under the old and the new terms, and the terms that differ (old and new of policy_id, priority_id, calendar_id, target_minutes, percents, escalation_percents). A clock that would be started for something done already ends as soon as it starts. Errors: SL015 unknown policy. Source: semantics §4.';
