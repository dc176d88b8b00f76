create or replace function sla._silent_before(p_ticket helpdesk.tickets) returns timestamptz
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select a.created_at
        from sla.audit_log a
        where a.tenant_id = p_ticket.tenant_id and a.ticket_id = p_ticket.ticket_id
          and a.event_type in ('sla_started', 'sla_not_started') and not a.event_data ? 'metric'
          and p_ticket.entered_at < a.created_at - (select g.import_after from sla.settings g
                                                   where g.tenant_id = p_ticket.tenant_id)
        order by a.log_id limit 1
    );
end
$$;
comment on function sla._silent_before(helpdesk.tickets) is
'The insert of an imported ticket (UTC instant), before which its crossings tell nobody; null: not an import (semantics §3, Imports).';
