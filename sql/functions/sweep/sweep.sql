create or replace procedure sla.sweep(p_batch_size integer default 1000)
language plpgsql security invoker
as $$
declare
    v_started_at timestamptz := pg_catalog.clock_timestamp();
    v_batch record;
    v_total record;
begin
    -- A procedure that commits can have no SET, be no definer and hold no exception block: it only loops.
    select 0 as settled, 0 as recorded, 0 as failed into v_total;
    loop
        select * into v_batch from sla._settle_batch(p_batch_size);
        commit;
        exit when v_batch.settled + v_batch.failed = 0;
        select v_total.settled + v_batch.settled as settled, v_total.recorded + v_batch.recorded as recorded,
               v_total.failed + v_batch.failed as failed into v_total;
        -- The job's next run takes over, so that runs never pile up.
        exit when pg_catalog.clock_timestamp() > v_started_at + interval '4 minutes 30 seconds';
    end loop;
    perform sla._record_sweep(v_started_at, v_total.settled, v_total.recorded, v_total.failed);
    commit;
end
$$;
comment on procedure sla.sweep(integer) is
'Settles every clock whose next percent is due, p_batch_size tickets a transaction; one sweep at a time, another one returns at once; tickets that somebody holds wait for the next (semantics §3). Not within a transaction block (2D000). Run by the pg_cron job slapg-sweep and the listener''s timer.';
