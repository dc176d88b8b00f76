create or replace function sla._cancel_clock(p_clock sla.clocks, p_at timestamptz, p_reason text) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
begin
    perform sla._withdraw_undone(p_clock.tenant_id, array[p_clock.ticket_id], p_at);
    perform sla._settle(p_clock.tenant_id, array[p_clock.ticket_id], p_at, false, p_clock.metric);
    update sla.clocks c
    set state = 'cancelled', cancel_reason = p_reason, met = null, paused_at = null, next_percent = null,
        next_fire_at = null, changed_at = p_at
    where c.tenant_id = p_clock.tenant_id and c.ticket_id = p_clock.ticket_id and c.metric = p_clock.metric
      and c.cycle = p_clock.cycle;
    perform sla._keep_due_date(p_clock, null);
    perform sla._audit(p_clock.tenant_id, p_clock.ticket_id, 'sla_cancelled', p_at,
                       jsonb_build_object('metric', p_clock.metric, 'cycle', p_clock.cycle, 'reason', p_reason));
end
$$;
comment on function sla._cancel_clock(sla.clocks, timestamptz, text) is
'Ends a clock without a verdict: by hand, or for want of a policy, a target or a calendar to count in (semantics §2, §4).';
