create or replace function sla._fill_due_date(p_tenant_id uuid, p_ticket_id uuid) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_due_at timestamptz;
begin
    select c.due_at into v_due_at from sla._latest_clocks(p_tenant_id, p_ticket_id) c
    where c.metric = 'resolution' and c.state <> 'cancelled';
    if not found then
        return;
    end if;
    perform set_config('slapg.keeping_due_date', 'yes', true);
    update helpdesk.tickets t set due_date = v_due_at
    where t.tenant_id = p_tenant_id and t.ticket_id = p_ticket_id and t.due_date is null;
    if found then
        update sla.clocks c set keeps_due_date = c.state <> 'cancelled' and c.cycle = (
            select max(m.cycle) from sla.clocks m
            where m.tenant_id = p_tenant_id and m.ticket_id = p_ticket_id and m.metric = 'resolution')
        where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.metric = 'resolution';
    end if;
    perform set_config('slapg.keeping_due_date', '', true);
end
$$;
comment on function sla._fill_due_date(uuid, uuid) is
'Fills a null due_date with the resolution due time and keeps it in step from now on (semantics §4, due_date).';
