create or replace function sla._follow_pauses(p_tenant_id uuid, p_ticket_id uuid, p_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    if exists (
        select from sla.pauses p
        where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id and p.resumed_at is null
    ) then
        perform sla._settle(p_tenant_id, array[p_ticket_id], p_at);
        update sla.clocks c
        set state = 'paused', paused_at = greatest(p_at, c.changed_at), next_fire_at = null,
            changed_at = greatest(p_at, c.changed_at)
        where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.state = 'running';
        -- A transaction that began before the last sweep pauses before what that sweep recorded.
        if found and sla._withdraw_undone(p_tenant_id, array[p_ticket_id], p_at) then
            perform sla._settle(p_tenant_id, array[p_ticket_id], p_at);
        end if;
    else
        update sla.clocks c set state = 'running', paused_at = null, changed_at = greatest(p_at, c.changed_at)
        where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.state = 'paused';
        if found then
            perform sla._count_anew(p_tenant_id, array[p_ticket_id], p_at);
        end if;
    end if;
end
$$;
comment on function sla._follow_pauses(uuid, uuid, timestamptz) is
'Pauses or resumes the open clocks of a ticket as its pauses say: what was crossed up to a pause is recorded first, and resuming moves the due time by the business time of the pause.';
