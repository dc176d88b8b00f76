create or replace function sla._settings_changed() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_ticket_ids uuid[];
begin
    select array_agg(t.ticket_id) into v_ticket_ids
    from helpdesk.tickets t
    where t.tenant_id = new.tenant_id and t.response_state = 'awaiting_client'
      and not sla._is_closed(t.tenant_id, t.ticket_id);
    if v_ticket_ids is not null then
        perform sla._sync_ticket_pauses(new.tenant_id, v_ticket_ids);
    end if;
    return null;
end
$$;
comment on function sla._settings_changed() is
'After pause_on_awaiting_client was changed: acts on the open tickets that await their client (semantics §2).';
