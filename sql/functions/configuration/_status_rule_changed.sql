create or replace function sla._status_rule_changed(p_tenant_id uuid, p_status_id uuid) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_ticket_ids uuid[];
begin
    select array_agg(t.ticket_id) into v_ticket_ids
    from helpdesk.tickets t
    where t.tenant_id = p_tenant_id and t.status_id = p_status_id and not sla._is_closed(t.tenant_id, t.ticket_id);
    if v_ticket_ids is not null then
        perform sla._sync_ticket_pauses(p_tenant_id, v_ticket_ids);
    end if;
end
$$;
comment on function sla._status_rule_changed(uuid, uuid) is 'Brings the open tickets in a status in line with what the status means now.';
