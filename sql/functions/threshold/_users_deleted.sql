create or replace function sla._users_deleted() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from sla.notifications n using old_users o
    where n.tenant_id = o.tenant_id and n.user_id = o.user_id;
    return null;
end
$$;
comment on function sla._users_deleted() is
'After people were deleted: what they were told goes with them (no foreign key: the sweep holds each recipient once instead of checking each row).';
