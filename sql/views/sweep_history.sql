create or replace view sla.sweep_history with (security_invoker = true) as
select
    r.run_id,
    r.started_at,
    r.finished_at,
    r.finished_at - r.started_at as duration,
    r.settled,
    r.recorded,
    r.failed
from sla.sweep_runs r
order by r.started_at desc, r.run_id desc;
comment on view sla.sweep_history is
    'What the sweeps did, the latest first: one row a run that found work, and one a minute at most of those that did not.';
comment on column sla.sweep_history.run_id is 'Number of the run.';
comment on column sla.sweep_history.started_at is 'When it began (UTC instant).';
comment on column sla.sweep_history.finished_at is 'When it ended (UTC instant).';
comment on column sla.sweep_history.duration is 'How long it took.';
comment on column sla.sweep_history.settled is 'Clocks that it settled.';
comment on column sla.sweep_history.recorded is 'Threshold events that it recorded.';
comment on column sla.sweep_history.failed is 'Tickets that it could not settle (see sla.health).';
