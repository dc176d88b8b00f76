create or replace function sla._open_arrival_pauses(p_tickets helpdesk.tickets[], p_now timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    insert into sla.pauses (tenant_id, ticket_id, reason, paused_at)
    select a.tenant_id, a.ticket_id, r.reason, r.paused_at
    from sla._arrivals(p_tickets, p_now) a
    cross join lateral (
        select u.reason, coalesce(a.closed_at, a.entered_at) from unnest(a.paused_by) as u (reason)
        union all select 'closed', a.closed_at where a.closed_at is not null
    ) r (reason, paused_at);

    -- A response clock that the closing only paused has crossed what lies before the closing.
    perform sla._settle(a.tenant_id, array[a.ticket_id], a.closed_at)
    from sla._arrivals(p_tickets, p_now) a
    where a.closed_at is not null and not a.closing_completes_response;
end
$$;
comment on function sla._open_arrival_pauses(helpdesk.tickets[], timestamptz) is
'Opens the pauses of tickets born in a pausing status, awaiting the client, or closed.';
