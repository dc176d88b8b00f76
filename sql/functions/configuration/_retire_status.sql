create or replace function sla._retire_status() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform sla._refuse_retirement('status', old.name, (
        select count(*) || ' open tickets' from helpdesk.tickets t
        where t.tenant_id = old.tenant_id and t.status_id = old.status_id
          and not sla._is_closed(t.tenant_id, t.ticket_id)
        having count(*) > 0));
    if not exists (select from helpdesk.tickets t
                   where t.tenant_id = old.tenant_id and t.status_id = old.status_id) then
        return old;
    end if;
    update helpdesk.statuses s set archived_at = coalesce(s.archived_at, sla.now())
    where s.tenant_id = old.tenant_id and s.status_id = old.status_id;
    return null;
end
$$;
comment on function sla._retire_status() is
'Deleting a status: refused while an open ticket is in it (SL019), else archived when closed ones are (semantics §4).';
