create or replace function sla._enter_gate(p_tenant_id uuid) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    perform pg_catalog.pg_advisory_xact_lock_shared(sla._gate_key(p_tenant_id));
    -- Under a transaction-wide snapshot the configuration read below may be older than the gate: locking the
    -- row that each configuration change updates turns that into a retryable 40001 instead of stale clocks.
    if pg_catalog.current_setting('transaction_isolation') <> 'read committed' then
        perform 1 from sla.settings s where s.tenant_id = p_tenant_id for share;
    end if;
end
$$;
comment on function sla._enter_gate(uuid) is
'Takes the tenant''s configuration lock shared, before any ticket row (semantics §2, Order and time). Raises 40001 under REPEATABLE READ when the configuration changed after the snapshot.';
