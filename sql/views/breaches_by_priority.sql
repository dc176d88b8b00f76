-- requires: sla._verdicts
create or replace view sla.breaches_by_priority with (security_invoker = true) as
select
    v.tenant_id,
    v.priority_id,
    n.name as priority,
    v.metric,
    v.tracked,
    v.breached,
    v.breached_open,
    round(100.0 * v.breached / v.tracked, 1) as breach_percent,
    v.last_breached_at
from (
    select
        f.tenant_id, f.priority_id, f.metric,
        count(*) as tracked,
        count(*) filter (where f.is_breached) as breached,
        count(*) filter (where f.is_breached and f.is_open) as breached_open,
        max(f.breached_at) as last_breached_at
    from sla._verdicts f
    group by f.tenant_id, f.priority_id, f.metric
) v
left join helpdesk.priorities n on n.tenant_id = v.tenant_id and n.priority_id = v.priority_id;
comment on view sla.breaches_by_priority is
    'Broken promises per priority and metric, over all time.';
comment on column sla.breaches_by_priority.tenant_id is 'Tenant that owns the tickets.';
comment on column sla.breaches_by_priority.priority_id is 'Priority that the promise was made for.';
comment on column sla.breaches_by_priority.priority is 'Its name.';
comment on column sla.breaches_by_priority.metric is 'response or resolution.';
comment on column sla.breaches_by_priority.tracked is 'Clocks, cancelled ones left out.';
comment on column sla.breaches_by_priority.breached is 'Clocks that ran past their due time, completed or not.';
comment on column sla.breaches_by_priority.breached_open is 'Of these, those still open.';
comment on column sla.breaches_by_priority.breach_percent is 'Breached clocks as percent of the tracked ones.';
comment on column sla.breaches_by_priority.last_breached_at is 'When one was breached last (UTC instant); null: never.';
