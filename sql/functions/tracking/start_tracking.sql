create or replace function sla.start_tracking(p_ticket_id uuid) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    v_ticket helpdesk.tickets := sla._held_ticket(p_ticket_id);
    v_at timestamptz := greatest(sla.now(), sla._last_transition(v_ticket.tenant_id, v_ticket.ticket_id, v_ticket.entered_at));
begin
    -- What was cancelled by hand may be revived now, as if it had been for want of a target.
    with freed as (
        update sla.clocks c set cancel_reason = 'no_target'
        where c.tenant_id = v_ticket.tenant_id and c.ticket_id = v_ticket.ticket_id
          and c.state = 'cancelled' and c.cancel_reason = 'manual'
        returning c.metric, c.cycle
    )
    insert into sla.audit_log (tenant_id, ticket_id, event_type, event_data, effective_at, actor, created_at)
    select v_ticket.tenant_id, v_ticket.ticket_id, 'sla_cancelled',
           jsonb_build_object('metric', f.metric, 'cycle', f.cycle, 'reason', 'no_target'), v_at, sla._actor(), sla.now()
    from freed f order by f.metric, f.cycle;
    perform sla._renew_terms(v_ticket, v_at, 'manual_override');
end
$$;
comment on function sla.start_tracking(uuid) is
'Starts the clocks that a ticket lacks, or revives cancelled ones, from entered_at with the ticket''s pauses; nothing when all are there. Errors: SL010 unknown ticket. Source: semantics §4.';
