-- requires: sla._verdicts
create or replace view sla.breaches_by_client with (security_invoker = true) as
select
    v.tenant_id,
    v.client_id,
    n.name as client,
    v.metric,
    v.tracked,
    v.breached,
    v.breached_open,
    round(100.0 * v.breached / v.tracked, 1) as breach_percent,
    v.last_breached_at
from (
    select
        f.tenant_id, f.client_id, f.metric,
        count(*) as tracked,
        count(*) filter (where f.is_breached) as breached,
        count(*) filter (where f.is_breached and f.is_open) as breached_open,
        max(f.breached_at) as last_breached_at
    from sla._verdicts f
    group by f.tenant_id, f.client_id, f.metric
) v
left join helpdesk.clients n on n.tenant_id = v.tenant_id and n.client_id = v.client_id;
comment on view sla.breaches_by_client is
    'Broken promises per client and metric, over all time.';
comment on column sla.breaches_by_client.tenant_id is 'Tenant that owns the tickets.';
comment on column sla.breaches_by_client.client_id is 'Client of the tickets; null: none.';
comment on column sla.breaches_by_client.client is 'Its name.';
comment on column sla.breaches_by_client.metric is 'response or resolution.';
comment on column sla.breaches_by_client.tracked is 'Clocks, cancelled ones left out.';
comment on column sla.breaches_by_client.breached is 'Clocks that ran past their due time, completed or not.';
comment on column sla.breaches_by_client.breached_open is 'Of these, those still open.';
comment on column sla.breaches_by_client.breach_percent is 'Breached clocks as percent of the tracked ones.';
comment on column sla.breaches_by_client.last_breached_at is 'When one was breached last (UTC instant); null: never.';
