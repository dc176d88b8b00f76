create or replace function sla._open_first_pauses(
    p_tickets helpdesk.tickets[], p_now timestamptz, p_paused_by text[], p_is_closed boolean, p_closing_completes boolean
) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    insert into sla.pauses (tenant_id, ticket_id, reason, paused_at)
    select n.tenant_id, n.ticket_id, r.reason,
           case when p_is_closed then sla._closing_instant(n.entered_at, n.closed_at, p_now) else n.entered_at end
    from unnest(p_tickets) n
    cross join unnest(p_paused_by || case when p_is_closed then '{closed}'::text[] end) as r (reason);

    -- A response clock that the closing only paused has crossed what lies before the closing.
    if p_is_closed and not p_closing_completes then
        perform sla._settle(n.tenant_id, array[n.ticket_id], sla._closing_instant(n.entered_at, n.closed_at, p_now))
        from unnest(p_tickets) n;
    end if;
end
$$;
comment on function sla._open_first_pauses(helpdesk.tickets[], timestamptz, text[], boolean, boolean) is
'Opens the pauses of tickets born in a pausing status, awaiting the client, or closed.';
