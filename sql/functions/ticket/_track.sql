create or replace function sla._track(p_tickets helpdesk.tickets[], p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_ticket helpdesk.tickets;
begin
    perform sla._start_clocks(p_tickets, p_now);
exception
    when others then
        if sqlstate in ('40001', '40P01', '55P03') then
            raise;
        end if;
        -- A ticket write never fails because of SLA: find the ticket that cannot be tracked, store it without clocks.
        if cardinality(p_tickets) = 1 then
            insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
            values (p_tickets[1].tenant_id, p_tickets[1].ticket_id, 'sla_not_started',
                    jsonb_build_object('reason', sqlerrm, 'sqlstate', sqlstate),
                    p_tickets[1].entered_at, sla._actor(), p_now);
            return;
        end if;
        foreach v_ticket in array p_tickets loop
            perform sla._track(array[v_ticket], p_now);
        end loop;
end
$$;
comment on function sla._track(helpdesk.tickets[], timestamptz) is
'Starts the clocks of new tickets; one that cannot be tracked is stored without clocks and audited (semantics §2: a ticket write never fails because of SLA).';
