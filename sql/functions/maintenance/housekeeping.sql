create or replace procedure sla.housekeeping()
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._ensure_audit_partitions();
end
$$;
comment on procedure sla.housekeeping() is
'Daily upkeep, called by the pg_cron job slapg-housekeeping: makes the audit log''s partitions for the months to come. pg_cron''s own run history is pruned by the job slapg-job-history, where pg_cron lives. Source: architecture, Views and jobs.';
