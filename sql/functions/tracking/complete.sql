create or replace function sla.complete(p_ticket_id uuid, p_metric text, p_at timestamptz default sla.now()) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_metric text := sla._known_metric(p_metric);
    v_ticket helpdesk.tickets := sla._held_ticket(p_ticket_id);
    v_last timestamptz;
    v_at timestamptz;
begin
    select c.changed_at into v_last from sla._latest_clocks(v_ticket.tenant_id, v_ticket.ticket_id) c
    where c.metric = v_metric and c.state in ('running', 'paused');
    if not found then
        return;
    end if;
    v_at := greatest(v_last, least(coalesce(p_at, sla.now()), sla.now()));
    perform sla._complete_clock(v_ticket.tenant_id, v_ticket.ticket_id, v_metric, v_at, jsonb_build_object(
        'reason', 'by hand', 'clamped', case when v_at <> p_at then true end));
end
$$;
comment on function sla.complete(uuid, text, timestamptz) is
'Completes a clock by hand at an instant (UTC) between its last transition and now; nothing when it is not open. Errors: SL010 unknown ticket, SL011 unknown metric. Source: semantics §2.';
