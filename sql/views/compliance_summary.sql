-- requires: sla._verdicts
create or replace view sla.compliance_summary with (security_invoker = true) as
select
    v.tenant_id,
    v.policy_id,
    p.name as policy,
    v.priority_id,
    r.name as priority,
    r.rank,
    v.metric,
    v.tracked,
    v.met,
    v.breached,
    v.tracked - v.met - v.breached as open,
    round(100.0 * v.met / nullif(v.met + v.breached, 0), 1) as compliance_percent
from (
    select
        f.tenant_id, f.policy_id, f.priority_id, f.metric,
        count(*) as tracked,
        count(*) filter (where f.is_met) as met,
        count(*) filter (where f.is_breached) as breached
    from sla._verdicts f
    group by f.tenant_id, f.policy_id, f.priority_id, f.metric
) v
join sla.policies p on p.tenant_id = v.tenant_id and p.policy_id = v.policy_id
left join helpdesk.priorities r on r.tenant_id = v.tenant_id and r.priority_id = v.priority_id;
comment on view sla.compliance_summary is
    'How well promises are kept, per policy, priority and metric, over all time. tracked = met + breached + open.';
comment on column sla.compliance_summary.tenant_id is 'Tenant that owns the tickets.';
comment on column sla.compliance_summary.policy_id is 'Policy that made the promise.';
comment on column sla.compliance_summary.policy is 'Its name.';
comment on column sla.compliance_summary.priority_id is 'Priority that the promise was made for.';
comment on column sla.compliance_summary.priority is 'Its name.';
comment on column sla.compliance_summary.rank is 'Its order in lists, the most urgent first.';
comment on column sla.compliance_summary.metric is 'response or resolution.';
comment on column sla.compliance_summary.tracked is 'Clocks, cancelled ones left out.';
comment on column sla.compliance_summary.met is 'Clocks completed in time.';
comment on column sla.compliance_summary.breached is 'Clocks that ran past their due time, completed or not.';
comment on column sla.compliance_summary.open is 'Clocks still open and in time.';
comment on column sla.compliance_summary.compliance_percent is 'Of the clocks with a verdict (met or breached) the percent that were met; null: none has one.';
