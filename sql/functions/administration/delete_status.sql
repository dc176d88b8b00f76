create or replace function sla.delete_status(p_status_id uuid, p_reassign_to uuid default null) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    perform sla._require_known('status', p_status_id);
    if p_reassign_to is not null then
        perform sla._refuse_same('status', p_status_id, p_reassign_to);
        perform sla._require_known('status', p_reassign_to);
        update helpdesk.tickets t set status_id = p_reassign_to
        where t.tenant_id = v_tenant_id and t.status_id = p_status_id
          and not sla._is_closed(t.tenant_id, t.ticket_id);
    end if;
    delete from helpdesk.statuses s where s.tenant_id = v_tenant_id and s.status_id = p_status_id;
end
$$;
comment on function sla.delete_status(uuid, uuid) is
'Deletes a status; when closed tickets are in it, it is retired instead. p_reassign_to: the open tickets in it take that status first, with all that follows for their clocks. Errors: SL019 open tickets are in it, SL023 unknown status, SL026 reassigned to itself. Source: semantics §4.';
