create or replace function sla._tickets_deleted() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    -- Clocks first: whoever records a crossing or a message advances the clock as well, so a deletion whose snapshot
    -- is too old to see them fails here (40001) and is retried, instead of leaving them behind.
    delete from sla.clocks c using old_tickets o
    where c.tenant_id = o.tenant_id and c.ticket_id = o.ticket_id;
    delete from sla.threshold_events e using old_tickets o
    where e.tenant_id = o.tenant_id and e.ticket_id = o.ticket_id;
    delete from sla.notifications n using old_tickets o
    where n.tenant_id = o.tenant_id and n.ticket_id = o.ticket_id;
    return null;
end
$$;
comment on function sla._tickets_deleted() is
'After tickets were deleted: their clocks, threshold events and notifications go with them (no foreign keys: checking those would cost each insert and each sweep more than all else); pauses cascade, the audit log stays.';
