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
        set state = 'paused', paused_at = sla._paused_since(c.tenant_id, c.ticket_id, c.started_at),
            next_fire_at = null, changed_at = greatest(p_at, c.changed_at)
        where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.state = 'running';
        if not found then
            return;
        end if;
        if exists (
            select from sla.clocks c
            where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.state = 'paused' and c.paused_at < p_at
        ) then
            -- A pause that begins where another ended goes on with it, and due_at stands as it did then.
            perform sla._count_anew(p_tenant_id, array[p_ticket_id], p_at);
        elsif sla._withdraw_undone(p_tenant_id, array[p_ticket_id], p_at) then
            -- A transaction that began before the last sweep pauses before what that sweep recorded.
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
