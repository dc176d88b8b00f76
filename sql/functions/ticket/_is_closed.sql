create or replace function sla._is_closed(p_tenant_id uuid, p_ticket_id uuid) returns boolean
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select exists (
            select from sla.pauses p
            where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id and p.reason = 'closed' and p.resumed_at is null)
    );
end
$$;
comment on function sla._is_closed(uuid, uuid) is 'Whether a ticket is closed: its pause of that reason is open (docs/decisions 6).';
