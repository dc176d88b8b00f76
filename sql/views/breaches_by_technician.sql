-- requires: sla._verdicts
create or replace view sla.breaches_by_technician with (security_invoker = true) as
select
    v.tenant_id,
    v.assigned_to,
    n.name as technician,
    v.metric,
    v.tracked,
    v.breached,
    v.breached_open,
    round(100.0 * v.breached / v.tracked, 1) as breach_percent,
    v.last_breached_at
from (
    select
        f.tenant_id, f.assigned_to, f.metric,
        count(*) as tracked,
        count(*) filter (where f.is_breached) as breached,
        count(*) filter (where f.is_breached and f.is_open) as breached_open,
        max(f.breached_at) as last_breached_at
    from sla._verdicts f
    group by f.tenant_id, f.assigned_to, f.metric
) v
left join helpdesk.users n on n.tenant_id = v.tenant_id and n.user_id = v.assigned_to;
comment on view sla.breaches_by_technician is
    'Broken promises per person whom tickets are assigned to now and metric, over all time.';
comment on column sla.breaches_by_technician.tenant_id is 'Tenant that owns the tickets.';
comment on column sla.breaches_by_technician.assigned_to is 'Who the tickets are assigned to now; null: nobody.';
comment on column sla.breaches_by_technician.technician is 'Name of that person.';
comment on column sla.breaches_by_technician.metric is 'response or resolution.';
comment on column sla.breaches_by_technician.tracked is 'Clocks, cancelled ones left out.';
comment on column sla.breaches_by_technician.breached is 'Clocks that ran past their due time, completed or not.';
comment on column sla.breaches_by_technician.breached_open is 'Of these, those still open.';
comment on column sla.breaches_by_technician.breach_percent is 'Breached clocks as percent of the tracked ones.';
comment on column sla.breaches_by_technician.last_breached_at is 'When one was breached last (UTC instant); null: never.';
