create or replace function sla._tickets_deleted() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from sla.clocks c using old_tickets o
    where c.tenant_id = o.tenant_id and c.ticket_id = o.ticket_id;
    return null;
end
$$;
comment on function sla._tickets_deleted() is
'After tickets were deleted: their clocks go with them (no foreign key: its check would cost each insert more than all else); pauses and events cascade, the audit log stays.';
