create or replace function sla._record_sweep(
    p_started_at timestamptz, p_settled integer, p_recorded integer, p_failed integer
) returns void
language sql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into sla.sweep_runs (started_at, finished_at, settled, recorded, failed)
    select p_started_at + z.shift, pg_catalog.clock_timestamp() + z.shift, p_settled, p_recorded, p_failed
    from (select sla.now() - pg_catalog.now() as shift) z  -- nothing, unless time is simulated
    where p_settled + p_failed > 0 or not exists (
        select from sla.sweep_runs r where r.started_at > p_started_at + z.shift - interval '1 minute')
$$;
comment on function sla._record_sweep(timestamptz, integer, integer, integer) is
'Keeps what a sweep did; of sweeps that found nothing, one a minute. Instants are those of sla.now().';
