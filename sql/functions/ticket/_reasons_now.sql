create or replace function sla._reasons_now(p_ticket helpdesk.tickets, p_closed boolean) returns text[]
language plpgsql stable parallel safe security invoker
as $$
begin
    return (
        select r.reasons
            || case when p_closed then '{closed}' else '{}'::text[] end
            || case when exists (
                        select from sla.pauses p
                        where p.tenant_id = p_ticket.tenant_id and p.ticket_id = p_ticket.ticket_id
                          and p.reason = 'manual' and p.resumed_at is null)
                    then '{manual}' else '{}'::text[] end
        from sla._pausing_reasons(p_ticket.tenant_id, p_ticket.status_id, p_ticket.response_state) r
    );
end
$$;
comment on function sla._reasons_now(helpdesk.tickets, boolean) is
'Every reason for which a ticket is to be paused now; manual holds until sla.resume (docs/decisions 5).';
