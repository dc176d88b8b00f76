create or replace function sla._end_clock(p_clock sla.clocks, p_crossings timestamptz[], p_at timestamptz) returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_due_at timestamptz := p_crossings[array_position(p_clock.percents, 100::smallint)];
begin
    update sla.clocks c
    set state = 'completed', crossings = p_crossings, due_at = v_due_at, completed_at = p_at, met = p_at <= v_due_at,
        breached_at = case when p_at > v_due_at then coalesce(c.breached_at, v_due_at) end,
        paused_at = null, cancel_reason = null, next_percent = null, next_fire_at = null, changed_at = p_at
    where c.tenant_id = p_clock.tenant_id and c.ticket_id = p_clock.ticket_id and c.metric = p_clock.metric
      and c.cycle = p_clock.cycle;
    perform sla._keep_due_date(p_clock, v_due_at);
end
$$;
comment on function sla._end_clock(sla.clocks, timestamptz[], timestamptz) is
'Stores the verdict of a clock completed at p_at: met when p_at <= due_at (semantics §2).';
