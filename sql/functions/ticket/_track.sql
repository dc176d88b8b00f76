create or replace function sla._track(p_tickets helpdesk.tickets[], p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_first helpdesk.tickets := p_tickets[1];
    v_ticket helpdesk.tickets;
    v_alike record;
begin
    if cardinality(p_tickets) = 1 then
        perform sla._start_clocks(p_tickets, a.policy_id, p_now)
        from sla._applicable_policy(v_first.tenant_id, v_first.sla_policy_id, v_first.client_id, v_first.board_id) a;
        return;
    end if;
    for v_alike in
        select a.policy_id, array_agg(n) as tickets
        from unnest(p_tickets) n
        cross join lateral sla._applicable_policy(n.tenant_id, n.sla_policy_id, n.client_id, n.board_id) a
        group by n.tenant_id, a.policy_id, n.priority_id, n.status_id, n.response_state
    loop
        perform sla._start_clocks(v_alike.tickets, v_alike.policy_id, p_now);
    end loop;
exception
    when others then
        if sla._passes_on(sqlstate) then
            raise;
        end if;
        -- A ticket write never fails because of SLA: find the ticket that cannot be tracked, store it without clocks.
        if cardinality(p_tickets) = 1 then
            insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
            values (v_first.tenant_id, v_first.ticket_id, 'sla_not_started',
                    jsonb_build_object('reason', sqlerrm, 'sqlstate', sqlstate),
                    v_first.entered_at, sla._actor(), p_now);
            return;
        end if;
        foreach v_ticket in array p_tickets loop
            perform sla._track(array[v_ticket], p_now);
        end loop;
end
$$;
comment on function sla._track(helpdesk.tickets[], timestamptz) is
'Starts the clocks of new tickets, those that are alike together; one that cannot be tracked is stored without clocks and audited (semantics §2: a ticket write never fails because of SLA).';
