create or replace function sla._ensure_audit_partitions() returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
    v_month date;
    v_name text;
begin
    for v_month in
        select m::date from pg_catalog.generate_series(
            pg_catalog.date_trunc('month', pg_catalog.now() at time zone 'UTC'),
            pg_catalog.date_trunc('month', pg_catalog.now() at time zone 'UTC') + interval '3 months',
            interval '1 month') as m
    loop
        v_name := 'audit_log_' || pg_catalog.to_char(v_month, 'YYYY_MM');
        -- Entries of that month that the default partition already holds stay there, and it keeps the month.
        continue when pg_catalog.to_regclass('sla.' || v_name) is not null or exists (
            select from sla.audit_log_default a
            where a.created_at >= v_month::timestamp at time zone 'UTC'
              and a.created_at < (v_month + interval '1 month') at time zone 'UTC');
        -- Made apart and attached: "create table … partition of" would lock every ticket write out.
        execute pg_catalog.format('create table sla.%I (like sla.audit_log including all)', v_name);
        execute pg_catalog.format('comment on table sla.%I is %L', v_name,
            'Audit entries written in ' || pg_catalog.to_char(v_month, 'YYYY-MM') || ' (UTC).');
        execute pg_catalog.format(
            'alter table sla.audit_log attach partition sla.%I for values from (%L) to (%L)', v_name,
            v_month::timestamp at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC');
        perform sla._protect_audit_partition(pg_catalog.to_regclass('sla.' || v_name));
    end loop;
exception
    when lock_not_available then
        -- Months are made ahead of their time, so that giving way to a long transaction costs nothing.
        raise notice 'the audit log is in use: its partitions are made another day';
end
$$;
comment on function sla._ensure_audit_partitions() is
'Makes the audit log''s partitions for this month and the next three (UTC months), unless they are there, closed to other tenants and to TRUNCATE. Gives way to a transaction that holds the log for longer than a second; the next run makes what is missing.';
