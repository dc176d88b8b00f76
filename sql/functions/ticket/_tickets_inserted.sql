create or replace function sla._tickets_inserted() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    v_now timestamptz := sla.now();
    v_ticket helpdesk.tickets;
    v_chunk helpdesk.tickets[] := '{}'::helpdesk.tickets[];
begin
    if sla._calendar_edits_pending() then
        perform sla._flush_calendar_edits();
    end if;
    for v_ticket in select n.* from new_tickets n loop
        if not (v_ticket.entered_at >= '1990-01-01 00:00:00+00' and v_ticket.entered_at <= v_now + interval '1 day') then
            perform sla._refuse_impossible_entry(v_ticket.ticket_number, v_ticket.entered_at, v_now);
        end if;
        v_chunk[cardinality(v_chunk) + 1] := v_ticket;
        -- Chunks bound the memory of a bulk load.
        if cardinality(v_chunk) = 1000 then
            perform sla._track(v_chunk, v_now);
            v_chunk := '{}'::helpdesk.tickets[];
        end if;
    end loop;
    if cardinality(v_chunk) > 0 then
        perform sla._track(v_chunk, v_now);
    end if;
    return null;
end
$$;
comment on function sla._tickets_inserted() is
'After tickets were inserted by one statement: starts their clocks, set-based. Errors: SL020 for an impossible entered_at.';
