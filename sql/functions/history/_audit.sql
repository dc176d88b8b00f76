create or replace function sla._audit(
    p_tenant_id uuid, p_ticket_id uuid, p_event_type text, p_effective_at timestamptz, p_event_data jsonb default '{}'
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    values (p_tenant_id, p_ticket_id, p_event_type, jsonb_strip_nulls(p_event_data), p_effective_at,
            sla._actor(), sla.now());
end
$$;
comment on function sla._audit(uuid, uuid, text, timestamptz, jsonb) is
'Appends one entry to a ticket''s history: what happened, when it took effect (UTC instant), who did it (semantics §7).';
