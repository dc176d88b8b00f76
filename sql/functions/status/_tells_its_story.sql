create or replace function sla._tells_its_story(p_tenant_id uuid, p_ticket_id uuid) returns boolean
language plpgsql stable parallel safe security invoker
as $$
begin
    return exists (
        select from sla.audit_log a
        where a.tenant_id = p_tenant_id and a.ticket_id = p_ticket_id
            and a.event_type in ('sla_started', 'sla_not_started') and not a.event_data ? 'metric');
end
$$;
comment on function sla._tells_its_story(uuid, uuid) is
    'Whether the audit log still has a ticket''s beginning: months that were dropped from it take the oldest histories along.';
