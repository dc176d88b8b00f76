create or replace function sla.delete_priority(p_priority_id uuid, p_reassign_to uuid default null) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    perform sla._require_known('priority', p_priority_id);
    if p_reassign_to is not null then
        perform sla._refuse_same('priority', p_priority_id, p_reassign_to);
        perform sla._require_known('priority', p_reassign_to);
        update helpdesk.tickets t set priority_id = p_reassign_to
        where t.tenant_id = v_tenant_id and t.priority_id = p_priority_id
          and sla._is_under_way(t.tenant_id, t.ticket_id);
        delete from sla.policy_targets g where g.tenant_id = v_tenant_id and g.priority_id = p_priority_id;
    end if;
    delete from helpdesk.priorities r where r.tenant_id = v_tenant_id and r.priority_id = p_priority_id;
end
$$;
comment on function sla.delete_priority(uuid, uuid) is
'Deletes a priority; when closed tickets or old clocks name it, it is retired instead. p_reassign_to: its open tickets take that priority first, with all that follows for their clocks, and the policies promise nothing for it any more. Errors: SL019 it is in use (the users are named), SL023 unknown priority, SL026 reassigned to itself. Source: semantics §4.';
