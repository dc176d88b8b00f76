create or replace function sla.verify(p_ticket_id uuid)
returns table (metric text, cycle smallint, what text, recorded text, recomputed text)
language plpgsql stable parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (
        select from helpdesk.tickets t
        where t.tenant_id = helpdesk.current_tenant() and t.ticket_id = p_ticket_id
    ) then
        raise exception 'ticket % is unknown', coalesce(p_ticket_id::text, 'null')
            using errcode = 'SL010', hint = 'Give the ticket_id of a ticket of this tenant.';
    end if;
    return query
    select v.metric, v.cycle, v.what, v.recorded, v.recomputed from sla.verify_tickets(array[p_ticket_id]) v;
end
$$;
comment on function sla.verify(uuid) is
    'Recomputes a ticket''s clocks, pauses and threshold events from its audit log, by a path of its own, and returns whatever differs from what is recorded: nothing in a healthy database. metric and cycle name the clock (null: the ticket''s pauses or its history), what the column, threshold or pause; recorded null: only the history knows it, recomputed null: only the tables do. Instants are UTC. Crossings that only wait for the next sweep are no difference. Errors: SL010 unknown ticket. Source: semantics §7.';
