create or replace function sla.cancel(p_ticket_id uuid) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_ticket helpdesk.tickets := sla._held_ticket(p_ticket_id);
    v_at timestamptz := greatest(sla.now(), sla._last_transition(v_ticket.tenant_id, v_ticket.ticket_id, v_ticket.entered_at));
begin
    perform sla._cancel_clock(c, v_at, 'manual')
    from sla._latest_clocks(v_ticket.tenant_id, v_ticket.ticket_id) c
    where c.state in ('running', 'paused');
    -- By hand is final, also for a clock that was cancelled for want of a target.
    with ended as (
        update sla.clocks c set cancel_reason = 'manual'
        where c.tenant_id = v_ticket.tenant_id and c.ticket_id = v_ticket.ticket_id and c.state = 'cancelled'
          and c.cancel_reason <> 'manual'
        returning c.metric, c.cycle
    )
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select v_ticket.tenant_id, v_ticket.ticket_id, 'sla_cancelled',
           jsonb_build_object('metric', e.metric, 'cycle', e.cycle, 'reason', 'manual'), v_at, sla._actor(), sla.now()
    from ended e order by e.metric, e.cycle;
end
$$;
comment on function sla.cancel(uuid) is
'Stops tracking a ticket: its open clocks end without a verdict, until sla.start_tracking. Errors: SL010 unknown ticket. Source: semantics §4.';
