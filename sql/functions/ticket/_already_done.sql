create or replace function sla._already_done(p_ticket helpdesk.tickets, p_metric text) returns timestamptz
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select case p_metric
            when 'response' then least(
                (select min(a.effective_at) from sla.audit_log a
                 where a.tenant_id = p_ticket.tenant_id and a.ticket_id = p_ticket.ticket_id
                   and a.event_type = 'ticket_changed' and a.event_data ? 'reply'),
                case when (select g.close_completes_response from sla.settings g where g.tenant_id = p_ticket.tenant_id)
                     then c.closed_at end)
            when 'resolution' then c.closed_at
        end
        from (values (1)) as one (row)
        left join lateral (
            select p.paused_at as closed_at from sla.pauses p
            where p.tenant_id = p_ticket.tenant_id and p.ticket_id = p_ticket.ticket_id and p.reason = 'closed'
              and p.resumed_at is null
        ) c on true
    );
end
$$;
comment on function sla._already_done(helpdesk.tickets, text) is
'When what a metric measures happened to a ticket (UTC instant): the first reply noted, or the closing; null: it has not.';
