create or replace function sla._settle_batch(
    p_batch_size integer, out settled integer, out recorded integer, out failed integer
)
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set lock_timeout = '10s'
set jit = off
as $$
declare
    v_now timestamptz := sla.now();
    v_tenant_id uuid;
    v_ticket_ids uuid[];
begin
    select 0, 0, 0 into settled, recorded, failed;
    if p_batch_size is null or p_batch_size < 1 then
        raise exception 'a sweep cannot take % tickets at a time', coalesce(p_batch_size::text, 'null')
            using errcode = 'SL016', hint = 'Give a batch size of 1 or more.';
    end if;
    if not pg_try_advisory_xact_lock(7375676174650002) then
        return;  -- another sweep is at work
    end if;
    v_tenant_id := sla._due_tenant(v_now);
    if v_tenant_id is null then
        return;
    end if;
    perform set_config('slapg.tenant_id', v_tenant_id::text, true);
    v_ticket_ids := sla._due_tickets(v_tenant_id, v_now, p_batch_size);
    if v_ticket_ids is null then
        return;
    end if;
    begin
        select s.settled, s.recorded into settled, recorded from sla._settle(v_tenant_id, v_ticket_ids, v_now) s;
        delete from sla.sweep_errors e where e.tenant_id = v_tenant_id and e.ticket_id = any (v_ticket_ids);
    exception
        when others then
            select * into settled, recorded, failed from sla._settle_singly(v_tenant_id, v_ticket_ids, v_now);
    end;
end
$$;
comment on function sla._settle_batch(integer) is
'Settles one batch of due tickets of one tenant in this transaction; nothing when another sweep is at work. A batch that fails is redone ticket by ticket. Errors: SL016 for a batch size below 1.';
