create or replace function sla._tickets_inserted() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    v_now timestamptz := sla.now();
    v_chunk helpdesk.tickets[];
begin
    perform sla._refuse_impossible_entry(n.ticket_number, n.entered_at, v_now)
    from new_tickets n
    where not (n.entered_at >= '1990-01-01 00:00:00+00' and n.entered_at <= v_now + interval '1 day');

    if coalesce(current_setting('slapg.calendar_edited', true), '') <> '' then
        perform sla._flush_calendar_edits();
    end if;
    for v_chunk in
        -- Chunks bound the memory of a bulk load; a single row is a chunk of one.
        select array_agg(n.ticket)
        from (select t::helpdesk.tickets as ticket, (row_number() over () - 1) / 1000 as chunk from new_tickets t) n
        group by n.chunk
    loop
        perform sla._track(v_chunk, v_now);
    end loop;
    return null;
end
$$;
comment on function sla._tickets_inserted() is
'After tickets were inserted by one statement: starts their clocks, set-based. Errors: SL020 for an impossible entered_at.';
