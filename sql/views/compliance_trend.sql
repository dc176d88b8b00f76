-- requires: sla._verdicts
create or replace view sla.compliance_trend with (security_invoker = true) as
select
    v.tenant_id,
    v.week,
    v.metric,
    v.tracked,
    v.met,
    v.breached,
    v.tracked - v.met - v.breached as open,
    v.compliance_percent,
    v.compliance_percent
        - lag(v.compliance_percent) over (partition by v.tenant_id, v.metric order by v.week) as change
from (
    select
        f.tenant_id,
        date_trunc('week', f.day)::date as week,
        f.metric,
        count(*) as tracked,
        count(*) filter (where f.is_met) as met,
        count(*) filter (where f.is_breached) as breached,
        round(100.0 * count(*) filter (where f.is_met)
            / nullif(count(*) filter (where f.is_met or f.is_breached), 0), 1) as compliance_percent
    from sla._verdicts f
    group by f.tenant_id, date_trunc('week', f.day)::date, f.metric
) v;
comment on view sla.compliance_trend is
    'How well promises are kept from week to week, by the week in which clocks started. tracked = met + breached + open.';
comment on column sla.compliance_trend.tenant_id is 'Tenant that owns the tickets.';
comment on column sla.compliance_trend.week is 'Monday of the week (local date, in the zone of sla.settings.timezone) in which the clocks started.';
comment on column sla.compliance_trend.metric is 'response or resolution.';
comment on column sla.compliance_trend.tracked is 'Clocks, cancelled ones left out.';
comment on column sla.compliance_trend.met is 'Clocks completed in time.';
comment on column sla.compliance_trend.breached is 'Clocks that ran past their due time, completed or not.';
comment on column sla.compliance_trend.open is 'Clocks still open and in time.';
comment on column sla.compliance_trend.compliance_percent is 'Of the clocks with a verdict (met or breached) the percent that were met; null: none has one.';
comment on column sla.compliance_trend.change is 'Percentage points more than in the week before that has clocks; null: there is none.';
