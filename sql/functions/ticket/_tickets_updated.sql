create or replace function sla._tickets_updated() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
begin
    if sla._calendar_edits_pending() then
        perform sla._flush_calendar_edits();
    end if;
    perform sla._apply_ticket_change(old, new);
    return null;
exception
    when others then
        if sla._passes_on(sqlstate) then
            raise;
        end if;
        -- A ticket write never fails because of SLA: what went wrong is audited and shown in sla.health.
        perform sla._audit(new.tenant_id, new.ticket_id, 'ticket_changed', sla.now(),
                           sla._ticket_changes(old, new) || jsonb_build_object('error', sqlerrm, 'sqlstate', sqlstate));
        return null;
end
$$;
comment on function sla._tickets_updated() is
'After a ticket changed in a field that matters: its clocks follow, in the same transaction (semantics §2, §4).';
