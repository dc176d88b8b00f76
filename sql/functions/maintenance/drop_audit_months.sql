create or replace function sla.drop_audit_months(p_before date) returns integer
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
    v_partition record;
    v_dropped integer := 0;
begin
    if p_before is null or p_before > pg_catalog.date_trunc('month', pg_catalog.now() at time zone 'UTC') then
        raise exception 'history up to % is not over yet', coalesce(p_before::text, 'null')
            using errcode = 'SL041', hint = 'Give a date before this month: whole months that ended by then are dropped.';
    end if;
    for v_partition in
        select c.relname
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'sla.audit_log'::regclass and c.relname ~ '^audit_log_\d{4}_\d{2}$'
          and pg_catalog.to_date(pg_catalog.right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= p_before
        order by c.relname
    loop
        execute pg_catalog.format('drop table sla.%I', v_partition.relname);
        v_dropped := v_dropped + 1;
    end loop;
    return v_dropped;
end
$$;
comment on function sla.drop_audit_months(date) is
'Drops the audit log''s months (UTC) that ended by the date, of every tenant, and returns how many; the months that the default partition holds stay. For the owner alone: what is dropped, sla.verify cannot account for. Errors: SL041 for a date after the beginning of this month, 55P03 when the log is in use for longer than five seconds. Source: semantics §7, architecture, Jobs.';
