create or replace function sla._withdraw_completed(p_clock sla.clocks, p_crossings timestamptz[], p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe security invoker
as $$
declare
    v_undone sla.threshold_events[];
begin
    select array_agg(e) into v_undone
    from sla.threshold_events e
    cross join lateral (
        select coalesce(
            p_crossings[array_position(p_clock.percents, e.percent)],
            (sla._project(p_clock.tenant_id, p_clock.ticket_id, p_clock.calendar_id, p_clock.started_at,
                          sla._amounts(p_clock.target, array[e.percent]), p_at))[1]) as crosses_at
    ) x
    where e.tenant_id = p_clock.tenant_id and e.ticket_id = p_clock.ticket_id and e.metric = p_clock.metric
      and e.cycle = p_clock.cycle and e.withdrawn_at is null
      -- Completed exactly at 100 % is met.
      and (e.crossed_at > p_at or x.crosses_at > p_at or (x.crosses_at = p_at and e.percent >= 100));
    if v_undone is not null then
        perform sla._withdraw(p_clock.tenant_id, v_undone, p_at);
    end if;
    update sla.clocks c set breached_at = (
        select e.crossed_at from sla.threshold_events e
        where e.tenant_id = c.tenant_id and e.ticket_id = c.ticket_id and e.metric = c.metric and e.cycle = c.cycle
          and e.percent = 100 and e.withdrawn_at is null)
    where c.tenant_id = p_clock.tenant_id and c.ticket_id = p_clock.ticket_id and c.metric = p_clock.metric
      and c.cycle = p_clock.cycle;
end
$$;
comment on function sla._withdraw_completed(sla.clocks, timestamptz[], timestamptz) is
'Withdraws the threshold events of a clock that, completed at p_at under its present terms, it never crossed (semantics §3, Withdrawing).';
