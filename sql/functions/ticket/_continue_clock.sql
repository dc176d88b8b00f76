create or replace function sla._continue_clock(p_clock sla.clocks, p_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_paused_at timestamptz := sla._paused_since(p_clock.tenant_id, p_clock.ticket_id, p_clock.started_at);
begin
    perform sla._audit(p_clock.tenant_id, p_clock.ticket_id, 'sla_reopened', p_at,
                       jsonb_build_object('mode', 'continue', 'cycle', p_clock.cycle));
    update sla.clocks c
    set state = case when v_paused_at is null then 'running' else 'paused' end, paused_at = v_paused_at,
        completed_at = null, met = case when c.breached_at is not null then false end, changed_at = p_at
    where c.tenant_id = p_clock.tenant_id and c.ticket_id = p_clock.ticket_id and c.metric = p_clock.metric
      and c.cycle = p_clock.cycle;
    perform sla._count_anew(p_clock.tenant_id, array[p_clock.ticket_id], p_at);
end
$$;
comment on function sla._continue_clock(sla.clocks, timestamptz) is
'Lets a completed clock run on from its original start; the closed time counts as a pause, a breach stands.';
