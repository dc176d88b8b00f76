create or replace function sla._last_transition(p_tenant_id uuid, p_ticket_id uuid, p_entered_at timestamptz)
returns timestamptz
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select greatest(
            p_entered_at,
            (select max(c.changed_at) from sla.clocks c
             where c.tenant_id = p_tenant_id and c.ticket_id = p_ticket_id and c.state in ('running', 'paused')),
            (select max(greatest(p.paused_at, p.resumed_at)) from sla.pauses p
             where p.tenant_id = p_tenant_id and p.ticket_id = p_ticket_id))
    );
end
$$;
comment on function sla._last_transition(uuid, uuid, timestamptz) is
'The latest transition of a ticket''s open clocks and pauses (UTC instant): nothing that follows takes effect before it.';
